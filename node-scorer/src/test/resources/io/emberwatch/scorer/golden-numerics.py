"""Computes the values of GoldenNumericsTest: python3 golden-numerics.py, with python3-statsmodels of Debian 12."""
import numpy as np
from scipy.stats import theilslopes
from statsmodels.regression.linear_model import yule_walker
from statsmodels.robust import mad
from statsmodels.tsa.arima.model import ARIMA
from statsmodels.tsa.holtwinters import ExponentialSmoothing
from statsmodels.tsa.stattools import acovf

x = np.array([((i * 7919) % 101) / 101.0 + 2 * ((i % 24) >= 12) + 0.01 * i for i in range(240)])
changes = np.diff(x)
print("autocovariances", acovf(changes, adjusted=False, demean=True, nlag=4, fft=False))
coefficients, sigma = yule_walker(changes, order=4, method="mle", demean=True)
print("coefficients", coefficients)
model = ARIMA(x, order=(4, 1, 0), trend="n")
print("arima", model.filter(np.append(coefficients, sigma**2)).forecast(5))

level, trend, season, damping = 0.2, 0.02, 0.05, 0.9
start = np.median(x[:24])
smoothing = ExponentialSmoothing(
    x[24:], trend="add", damped_trend=True, seasonal="add", seasonal_periods=24,
    initialization_method="known", initial_level=start, initial_trend=0.0, initial_seasonal=x[:24] - start)
fit = smoothing.fit(
    smoothing_level=level, smoothing_trend=trend / level, smoothing_seasonal=season * (1 - level),
    damping_trend=damping, optimized=False)
print("holt-winters", fit.forecast(30)[[0, 1, 2, 11, 12, 23, 24, 29]], fit.sse / (len(x) - 24))
ahead = sum(damping**step for step in range(1, 25))
print("a whole season ahead", fit.level[-1] + ahead * fit.trend[-1] + fit.season[-1])

print("slope", theilslopes(x[:40], np.arange(40), alpha=0.9))
print("deviation", mad(x[:40]))
print("quantiles", [np.percentile(x[:40], q) for q in (1, 10, 50, 90, 99)])
