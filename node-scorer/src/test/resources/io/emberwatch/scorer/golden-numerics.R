# Computes the values of GoldenNumericsTest that R tells: Rscript golden-numerics.R, with r-cran-forecast of Debian 12.
suppressMessages(library(forecast))
options(digits = 17)

i <- 0:239
x <- ts((i * 7919) %% 101 / 101 + 2 * ((i %% 24) >= 12) + 0.01 * i, frequency = 24)

coefficients <- ar.yw(diff(x), aic = FALSE, order.max = 4)$ar
print(coefficients)
print(as.numeric(forecast(Arima(x, order = c(4, 1, 0), fixed = coefficients, transform.pars = FALSE), h = 5)$mean))

# The state that the recursion starts with, as that of a model that is then run over the rest.
start <- median(x[1:24])
rest <- ts(x[25:240], frequency = 24)
model <- ets(rest, model = "AAA", damped = TRUE, alpha = 0.2, beta = 0.02, gamma = 0.05 * (1 - 0.2), phi = 0.9,
             opt.crit = "mse", nmse = 1)
model$initstate[] <- c(start, 0, rev(x[1:24] - start))
model <- ets(rest, model = model, use.initial.values = TRUE)
print(as.numeric(forecast(model, h = 30)$mean)[c(1, 2, 3, 12, 13, 24, 25, 30)])
print(mean(residuals(model)^2))

print(as.numeric(snaive(x, h = 30)$mean)[c(1, 13, 24, 25)])
print(as.numeric(naive(x, h = 3)$mean))
print(mad(x[1:40]))
print(as.numeric(quantile(x[1:40], c(0.01, 0.1, 0.5, 0.9, 0.99))))
