/* SPDX-License-Identifier: GPL-3.0-or-later
 * One function a command, each in the file of its name. They return the exit code. */
#pragma once

#include "args.h"

int command_run(struct args *args);
int command_plan(struct args *args);
int command_watch(struct args *args);
int command_lint(struct args *args);
int command_schema(struct args *args);
int command_probe(struct args *args);
int command_check(struct args *args);
int command_steps(struct args *args);
int command_presets(struct args *args);
int command_status(struct args *args);
int command_explain(struct args *args);
int command_resume(struct args *args);
int command_pause(struct args *args);
int command_continue(struct args *args);
int command_report(struct args *args);
int command_seal(struct args *args);
int command_rerender(struct args *args);
int command_man(struct args *args);
int command_completion(struct args *args);
