/* SPDX-License-Identifier: GPL-3.0-or-later
 * What every task would otherwise do for itself: initialising the libraries, once, before the warm
 * worker forks. Starts no threads. */
#pragma once

/* May be called again. Ends the process with a sentence when a library can't be initialised. */
void media_warm(void);
/* The part of it that is about the heap: what a task frees stays with it until it ends. */
void media_keep_memory(void);
