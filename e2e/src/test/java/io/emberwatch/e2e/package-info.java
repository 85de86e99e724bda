/** Whole scenarios with real servers, all on loopback: etcd, Prometheus, Alertmanager, postfix, Chromium. */
package io.emberwatch.e2e;
