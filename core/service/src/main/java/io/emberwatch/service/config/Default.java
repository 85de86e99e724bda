package io.emberwatch.service.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The value of a configuration record's component when its key is absent, as YAML text: {@code "15s"}, {@code "[]"},
 * {@code "{}"}. A component with neither a default nor {@code @Nullable} must be given.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
    String value();
}
