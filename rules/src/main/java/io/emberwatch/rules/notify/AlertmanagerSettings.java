package io.emberwatch.rules.notify;

import io.emberwatch.rules.relabel.Relabeling;
import io.emberwatch.rules.settings.HttpSettings;
import java.time.Duration;
import okhttp3.HttpUrl;

/**
 * How to reach one Alertmanager.
 *
 * @param url where alerts are posted to
 * @param relabels of alerts before they are sent there
 */
record AlertmanagerSettings(HttpUrl url, Duration timeout, HttpSettings http, Relabeling relabels) {}
