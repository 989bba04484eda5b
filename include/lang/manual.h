/* SPDX-License-Identifier: GPL-3.0-or-later
 * Everything people read about the language, made from the tables that parse it. */
#pragma once

#include "lang/pipeline.h"

/* `rushes steps [NAME]`, `rushes presets [NAME]`: text for a terminal; caller frees. NULL when
 * there is no such name (hint made by the caller). */
char *manual_steps(const struct pipeline_options *options);
char *manual_step(const struct step *step);
char *manual_presets(const struct pipeline_options *options);
char *manual_preset(const struct pipeline_options *options, const char *name);
char *manual_facts(void);
char *manual_encode(void);
char *manual_templates(void);
char *manual_hooks(void);
char *manual_keep(void);

/* JSON Schema (draft 2020-12) of pipeline and preset files, pretty-printed; caller frees. */
char *schema_text(const struct pipeline_options *options);
char *schema_spec_text(void); /* of specs (lang/spec.h) */
