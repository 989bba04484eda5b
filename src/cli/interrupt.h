/* SPDX-License-Identifier: GPL-3.0-or-later
 * Ctrl-C and SIGTERM, counted. The first asks to end well, the second to end now. */
#pragma once

void interrupt_catch(void);         /* install the handlers, once, at start */
void interrupt_ignore_hangup(void); /* afterwards: SIGHUP only ends a wait */
unsigned interrupt_count(void);
int interrupt_exit_code(void); /* 130 or 143, by the first signal */
