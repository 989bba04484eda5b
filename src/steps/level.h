/* SPDX-License-Identifier: GPL-3.0-or-later
 * One exact gain on all samples of a programme. */
#pragma once

#include "media/chain.h"

/* Each sample times 10^(gain_db / 20), in double; nothing is added for 0 dB. */
bool level_change(struct chain *chain, double gain_db, struct failure *failure);
