/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a running task says of itself: JSON lines from a pipe. It is the word of a process that
 * decodes hostile files, so it is taken with care: long lines are dropped, odd numbers too. */
#include "local.h"

#include <errno.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <unistd.h>

static double number(JsonObject *object, const char *name, double unknown)
{
    JsonNode *node = json_object_get_member(object, name);
    if (!node || !JSON_NODE_HOLDS_VALUE(node))
        return unknown;
    double value = json_node_get_double(node);
    return isfinite(value) && value >= 0 ? value : unknown;
}

static bool parse(const char *line, struct progress *out)
{
    g_autoptr(JsonNode) root = json_from_string(line, NULL);
    if (!root || !JSON_NODE_HOLDS_OBJECT(root))
        return false;
    JsonObject *object = json_node_get_object(root);
    const char *stage = json_object_get_string_member_with_default(object, "stage", "");
    double frames = number(object, "frames", 0), fraction = number(object, "fraction", NAN);
    *out = (struct progress){
        .fraction = fraction >= 1 ? 0.999 : fraction,
        .frames = frames < 9e15 ? (int64_t)frames : 0,
        .fps = number(object, "fps", NAN),
        .speed = number(object, "speed", NAN),
    };
    g_strlcpy(out->stage, stage ? stage : "", sizeof out->stage);
    return true;
}

/* One byte; true when it ended a line that was understood. */
static bool take(struct running *r, char byte, struct progress *out)
{
    if (byte != '\n') {
        if (r->line_length < sizeof r->line)
            r->line[r->line_length++] = byte;
        return false;
    }
    bool whole = r->line_length < sizeof r->line;
    r->line[whole ? r->line_length : 0] = '\0';
    r->line_length = 0;
    return whole && parse(r->line, out);
}

bool events_read(struct running *r, struct progress *out)
{
    char chunk[4096];
    bool news = false;
    ssize_t length = read(r->events, chunk, sizeof chunk);
    if (length < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (length <= 0) {
        close(r->events);
        r->events = -1;
    }
    for (ssize_t i = 0; i < length; i++)
        news |= take(r, chunk[i], out);
    return news;
}
