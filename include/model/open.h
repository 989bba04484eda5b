/* SPDX-License-Identifier: GPL-3.0-or-later
 * Opening the files of a task, with a failure's class for each way that can go wrong. */
#pragma once

#include "model/task.h"

/* The descriptor of task->files[index], O_CLOEXEC: an input for reading, of a
 * sequence the list of its pictures, a part file made anew
 * (what an earlier attempt left under its name is removed). -1 and `failure`: a source that can't
 * be read is INPUT_DAMAGED, a file that a step names CONFIG, a part file DISK. */
int task_open_file(const struct task *task, unsigned index, struct failure *failure);
