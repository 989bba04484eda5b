/* SPDX-License-Identifier: GPL-3.0-or-later
 * Parameters of `grade` that only together make sense, or none. */
#include "steps/grade/grade.h"

#include <string.h>

static const struct {
    const char *what, *parameters; /* JSON */
    const char *message;           /* NULL: taken */
} rows[] = {
    {"nothing", "{}", NULL},
    {"a file", "{\"cdl\": \"a.ccc\"}", NULL},
    {"an id", "{\"cdl\": \"a.ccc\", \"cdl_id\": \"x\"}", NULL},
    {"an id, said", "{\"cdl\": \"a.ccc\", \"cdl_id\": \"x\", \"cdl_by\": \"id\"}", NULL},
    {"a position", "{\"cdl\": \"a.ccc\", \"cdl_id\": \"7\", \"cdl_by\": \"position\"}", NULL},
    {"the clip's id", "{\"cdl\": \"a.ccc\", \"cdl_by\": \"id\"}", NULL},
    {"a position that isn't one",
     "{\"cdl\": \"a.ccc\", \"cdl_id\": \"x\", \"cdl_by\": \"position\"}", "needs its number"},
    {"no position", "{\"cdl\": \"a.ccc\", \"cdl_by\": \"position\"}", "needs its number"},
    {"an id for reels", "{\"cdl\": \"a.edl\", \"cdl_id\": \"x\", \"cdl_by\": \"reel\"}",
     "asks for another thing"},
    {"an id for clips", "{\"cdl\": \"a.edl\", \"cdl_id\": \"x\", \"cdl_by\": \"clip\"}",
     "asks for another thing"},
    {"an id of no file", "{\"cdl_id\": \"x\"}", "there is none"},
    {"a way in no file", "{\"cdl_by\": \"reel\"}", "there is none"},
    {"a clip of no file", "{\"cdl_clip\": \"x\"}", "there is none"},
    {"a policy for no file", "{\"cdl_missing\": \"skip\"}", "there is none"},
};

static void ambiguous_parameters_are_refused(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(diag_ptr) diag = diag_create();
        g_autoptr(JsonNode) json = json_from_string(rows[i].parameters, NULL);
        g_auto(node_ptr) node = node_from_json(json);
        void *params = params_new(&grade_step.params);
        g_test_message("%s", rows[i].what);
        g_assert_true(params_parse(&grade_step.params, node, "grade", false, params, diag));
        const bool fine = grade_step.check(params, (struct mark){0}, diag);
        g_assert_cmpint(fine, ==, rows[i].message == NULL);
        g_assert_cmpint(fine, ==, diag_errors(diag) == 0);
        if (!fine)
            g_assert_nonnull(strstr(((struct finding *)diag_findings(diag)->pdata[0])->message,
                                    rows[i].message));
        params_free(&grade_step.params, params);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/steps/grade/parameters", ambiguous_parameters_are_refused);
    return g_test_run();
}
