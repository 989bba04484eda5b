/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a running task has at hand: a voice, and its files by the parameter that names them. */
#include "worker/run.h"

#include <errno.h>
#include <math.h>
#include <unistd.h>

static const int64_t interval_us = 100000;

struct speaker {
    GMutex lock;
    int fd;
    int64_t spoke_us;
    char stage[sizeof((struct progress *)0)->stage];
};

struct speaker *speaker_create(int events_fd)
{
    struct speaker *speaker = g_new0(struct speaker, 1);
    g_mutex_init(&speaker->lock);
    speaker->fd = events_fd;
    return speaker;
}

void speaker_destroy(struct speaker *speaker)
{
    if (!speaker)
        return;
    g_mutex_clear(&speaker->lock);
    g_free(speaker);
}

static void add_number(GString *line, const char *name, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (isfinite(value) && value >= 0)
        g_string_append_printf(line, "\"%s\":%s,", name,
                               g_ascii_formatd(text, sizeof text, "%.6g", value));
}

static void add_stage(GString *line, const char *stage)
{
    g_string_append(line, "\"stage\":\"");
    for (const char *p = stage; *p; p++)
        g_string_append_c(line, *p == '"' || *p == '\\' || g_ascii_iscntrl(*p) ? '_' : *p);
    g_string_append(line, "\"}\n");
}

/* Nobody waits for a listener: what doesn't fit into the pipe is lost, the next line will. */
static void say(const struct speaker *speaker, const struct progress *progress)
{
    g_autoptr(GString) line = g_string_new("{");
    add_number(line, "fraction", progress->fraction);
    g_string_append_printf(line, "\"frames\":%" G_GINT64_FORMAT ",", progress->frames);
    add_number(line, "fps", progress->fps);
    add_number(line, "speed", progress->speed);
    add_stage(line, progress->stage);
    ssize_t written;
    do
        written = write(speaker->fd, line->str, line->len);
    while (written < 0 && errno == EINTR);
}

void speak_progress(struct speaker *speaker, const struct progress *progress)
{
    if (!speaker || speaker->fd < 0)
        return;
    int64_t now = g_get_monotonic_time();
    g_mutex_lock(&speaker->lock);
    if (now - speaker->spoke_us >= interval_us || strcmp(speaker->stage, progress->stage) != 0) {
        speaker->spoke_us = now;
        g_strlcpy(speaker->stage, progress->stage, sizeof speaker->stage);
        say(speaker, progress);
    }
    g_mutex_unlock(&speaker->lock);
}

/* The same parameter of two calls of a step may name two files; the path tells them apart. */
int job_param_fd(const struct job *job, const struct step_call *call, const char *param)
{
    const char *value = node_get_text(call->params, param);
    g_autofree char *used_by = g_strjoin("/", call->name, param, value, NULL);
    return value ? job_used_fd(job, used_by) : -1;
}

int job_used_fd(const struct job *job, const char *used_by)
{
    for (guint i = 0; i < job->task->files->len; i++) {
        const struct task_file *file = job->task->files->pdata[i];
        if (g_strcmp0(file->used_by, used_by) == 0)
            return job->fds[i];
    }
    return -1;
}

int job_profile_fd(const struct job *job, const struct encode *encode)
{
    const char *profile = encode->image.profile;
    g_autofree char *used_by = g_strconcat(ENCODE_PROFILE, profile, NULL);
    return profile && encode_profile_is_file(profile) ? job_used_fd(job, used_by) : -1;
}
