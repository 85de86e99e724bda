/** What people can do about an incident from chat, mail and the page: acknowledge, silence, take that back. */
@NullMarked
package io.emberwatch.bridge.action;

import org.jspecify.annotations.NullMarked;
