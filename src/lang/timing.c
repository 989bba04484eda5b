/* SPDX-License-Identifier: GPL-3.0-or-later
 * When outputs are wanted, and when they may be made. */
#include "base/unit.h"
#include "load.h"

#include <string.h>

static const struct {
    const char *name;
    int priority;
} priority_words[] = {{"low", -5}, {"normal", 0}, {"high", 5}};

static bool priority_parse(const char *text, int *out)
{
    double value;
    for (guint i = 0; i < G_N_ELEMENTS(priority_words); i++)
        if (strcmp(text, priority_words[i].name) == 0) {
            *out = priority_words[i].priority;
            return true;
        }
    if (!number_parse(text, &value) || value < PRIORITY_LEAST || value > PRIORITY_MOST ||
        value != (int)value)
        return false;
    *out = (int)value;
    return true;
}

static void bad_value(struct loader *loader, const char *key, const struct node *node,
                      const char *allowed)
{
    diag_error(loader->diag, node->at, allowed, "\"%s\" is not a value of %s", node->text, key);
}

void urgency_load(struct loader *loader, const struct node *map, struct urgency *urgency)
{
    const struct node *priority = node_get(map, "priority"), *by = node_get(map, "deliver_by");
    if (priority && !priority_parse(priority->text, &urgency->priority))
        bad_value(loader, "priority", priority,
                  "allowed: a whole number from -10 to 10, low, normal, high; more is earlier");
    if (!by)
        return;
    urgency->at = by->at;
    if (!deadline_parse(by->text, &urgency->deliver_by))
        bad_value(loader, "deliver_by", by,
                  "write a time of day, \"08:00\", or a moment, \"2026-03-01T08:00\", local or "
                  "with a zone: \"08:00+01:00\", \"08:00Z\"; years are 1970 to 9998");
}

void window_load(struct loader *loader, const struct node *map)
{
    const struct node *window = node_get(map, "window");
    if (window && !window_parse(window->text, &loader->pipeline->window))
        bad_value(loader, "window", window,
                  "write two different times of day: \"20:00-08:00\" goes past midnight");
}
