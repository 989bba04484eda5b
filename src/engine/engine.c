/* SPDX-License-Identifier: GPL-3.0-or-later
 * What all engines have in common. */
#include "engine/engine.h"

void engine_destroy(struct engine *engine)
{
    if (engine)
        engine->ops->destroy(engine);
}
