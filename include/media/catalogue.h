/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the installed libraries can do, as JSON for the front end, which doesn't link them:
 *   {"build": "<versions of all libraries>", "encoders": {"libx264": {"codec": "h264", "type":
 *    "video", "pix_fmts": […], "sample_fmts": […], "sample_rates": […], "options": {"crf":
 *    {"type": "float", "min": -1, "max": 3.4e38, "help": "…"}, "preset": {…, "choices": […]}}}},
 *    "muxers": {"mp4": {"options": {…}}}, "image": {"jpeg": true, …}}
 * Only encoders and muxers that model/encode.h and model/kind.h name are listed. `options` has the
 * encoder's private options and the generic ones that apply to an encoder of its type. */
#pragma once

#include <json-glib/json-glib.h>

JsonNode *media_catalogue(void);
/* One line naming every library and version; part of the identity of what they render. */
char *media_build(void);
