/* SPDX-License-Identifier: GPL-3.0-or-later
 * A tree and its histories → findings and new generations. */
#include "seal/seal.h"

#include "base/file.h"
#include "folder_hash.h"
#include "tree.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

const char *const seal_verdict_names[SEAL_VERDICTS] = {"new",     "unchecked", "same",
                                                       "changed", "missing",   "unreadable"};

/* A history, and what becomes its next generation. */
struct scope {
    struct scope *above; /* NULL: the folder that was asked for */
    const struct seal_node *node;
    struct history *history;
    struct ignore *ignore;
    struct manifest *manifest; /* NULL: nothing is written */
    bool is_another;           /* the one above refers to a generation that it doesn't have */
};

struct sealing {
    const struct seal_params *params;
    struct seal_outcome *out;
    const char *root;
    int64_t began_s;
    GPtrArray *scopes;       /* struct scope, the root's first */
    GHashTable *seen;        /* paths below the root */
    unsigned folder_formats; /* of what is verified: those in which folders are recorded */
    GPtrArray *other;        /* struct seal_finding: folders whose hashes aren't the recorded ones,
                                each after those in it */
    GError **error;
};

/* The path of something in a scope, below the scope's folder; "" of that itself. */
static const char *path_in(const struct scope *scope, const char *path)
{
    gsize head = strlen(scope->node->path);
    return path + head + (path[head] == '/');
}

static void scope_free(void *data)
{
    struct scope *scope = data;
    history_destroy(scope->history);
    ignore_destroy(scope->ignore);
    manifest_destroy(scope->manifest);
    g_free(scope);
}

static unsigned formats_of(const GArray *hashes)
{
    unsigned formats = 0;
    for (guint i = 0; i < hashes->len; i++)
        formats |= DIGEST_BIT(g_array_index(hashes, struct seal_hash, i).format);
    return formats;
}

/* Of the newest generation, which is what the folder was last seen as. */
static unsigned folder_formats_of(const struct history *history)
{
    const struct manifest *newest = history->newest;
    unsigned formats = newest ? formats_of(newest->root) : 0;
    for (guint i = 0; newest && i < newest->records->len; i++) {
        const struct seal_record *record = newest->records->pdata[i];
        formats |= record->is_folder ? formats_of(record->hashes) : 0;
    }
    return formats;
}

static bool open_scope(struct sealing *sealing, struct scope *above, const struct seal_node *node)
{
    g_autofree char *place = g_build_filename(sealing->root, node->path, NULL);
    struct scope *scope = g_new0(struct scope, 1);
    g_ptr_array_add(sealing->scopes, scope);
    *scope = (struct scope){.above = above, .node = node};
    scope->history = history_open(place, sealing->params->ear, sealing->error);
    if (!scope->history)
        return false;
    g_autoptr(GPtrArray) patterns =
        history_ignored(scope->history, above ? NULL : sealing->params->ignored);
    scope->ignore = ignore_create(patterns);
    if (!sealing->params->append) {
        sealing->folder_formats |= folder_formats_of(scope->history);
        return true;
    }
    scope->manifest = manifest_create(sealing->began_s);
    for (guint i = 0; i < patterns->len; i++)
        g_ptr_array_add(scope->manifest->ignored, g_strdup(patterns->pdata[i]));
    return true;
}

/* Of the history of the folder at a path; NULL: it has none. */
static struct scope *scope_of(const struct sealing *sealing, const char *path)
{
    for (guint i = 0; i < sealing->scopes->len; i++) {
        struct scope *scope = sealing->scopes->pdata[i];
        if (strcmp(scope->node->path, path) == 0)
            return scope;
    }
    return NULL;
}

static bool open_scopes_below(struct sealing *sealing, struct scope *above,
                              const struct seal_node *node)
{
    for (guint i = 0; i < node->children->len; i++) {
        const struct seal_node *child = node->children->pdata[i];
        if (child->is_sealed && !open_scope(sealing, above, child))
            return false;
        struct scope *of_child =
            child->is_sealed ? sealing->scopes->pdata[sealing->scopes->len - 1] : above;
        if (!open_scopes_below(sealing, of_child, child))
            return false;
    }
    return true;
}

static void finding_free(void *data)
{
    struct seal_finding *finding = data;
    g_free(finding->path);
    g_free(finding->text);
    g_free(finding);
}

static void find(struct sealing *sealing, enum seal_verdict verdict, const char *path, char *text)
{
    struct seal_finding *finding = g_new0(struct seal_finding, 1);
    *finding = (struct seal_finding){verdict, g_strdup(*path ? path : "."), text};
    g_ptr_array_add(sealing->out->findings, finding);
    sealing->out->counts[verdict]++;
}

/* What the nearest history that knows the file says; `scope` becomes that one. */
static const struct seal_known *known_of(const struct scope **scope, const char *path)
{
    for (; *scope; *scope = (*scope)->above) {
        const struct seal_known *known = history_find((*scope)->history, path_in(*scope, path));
        if (known)
            return known;
    }
    return NULL;
}

/* Where no history has a checksum that can be compared; NULL: none has any. */
static const char *foreign_of(const struct scope *scope, const char *path)
{
    const char *foreign = NULL;
    for (; scope && !foreign; scope = scope->above)
        foreign = history_foreign(scope->history, path_in(scope, path));
    return foreign;
}

/* What is read: what is to be recorded, or folders are made of, and something that can be compared,
 * the quickest first. */
static unsigned formats_for(const struct sealing *sealing, const struct seal_known *known)
{
    unsigned formats = sealing->params->append ? sealing->params->formats
                       : known                 ? sealing->folder_formats
                                               : 0;
    return !known || formats & known->formats
               ? formats
               : formats | DIGEST_BIT(digest_quickest(known->formats));
}

static bool differs(const struct seal_known *known, enum digest_format format,
                    const struct digest_texts *texts)
{
    return known && known->formats & DIGEST_BIT(format) &&
           !digest_equal(format, known->texts.of[format], texts->of[format]);
}

/* The first format that says the content is another; -1 none. */
static int difference(const struct seal_known *known, const struct digest_texts *texts)
{
    for (int i = 0; i < DIGEST_COUNT; i++)
        if (*texts->of[i] && differs(known, (enum digest_format)i, texts))
            return i;
    return -1;
}

static void record_file(struct scope *scope, const struct seal_node *node,
                        const struct seal_known *known, const struct digest_texts *texts)
{
    if (!scope->manifest)
        return;
    bool changed = difference(known, texts) >= 0;
    struct seal_record *record =
        manifest_add(scope->manifest, g_strdup(path_in(scope, node->path)), false);
    record->size = node->size;
    record->modified_s = node->modified_s;
    for (int i = 0; i < DIGEST_COUNT; i++) {
        struct seal_hash hash = {.format = (enum digest_format)i};
        bool compared = known && known->formats & DIGEST_BIT(i);
        if (!*texts->of[i] || (changed && !compared))
            continue;
        hash.action = differs(known, hash.format, texts) ? SEAL_FAILED
                      : known                            ? SEAL_VERIFIED
                                                         : SEAL_ORIGINAL;
        memcpy(hash.text, texts->of[i], DIGEST_TEXT_SIZE);
        g_array_append_val(record->hashes, hash);
    }
}

/* NULL, or what is wrong. */
static char *read_file(struct sealing *sealing, const struct seal_node *node, unsigned formats,
                       struct digest_texts *texts)
{
    struct file_stamp before, after;
    g_autoptr(GError) error = NULL;
    g_autofree char *place = g_build_filename(sealing->root, node->path, NULL);
    bool stamped = file_stamp_of(place, &before);
    bool fine = digest_file(place, formats, sealing->params->ear, texts, &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_set_error(sealing->error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "interrupted");
    if (!fine)
        return g_strdup(error->message);
    sealing->out->bytes += node->size;
    if (!stamped || !file_stamp_of(place, &after) || !file_stamp_equal(&before, &after))
        return g_strdup("changed while it was read; seal again when nobody writes to it");
    return NULL;
}

static char *difference_text(const struct scope *scope, const struct seal_known *known,
                             const struct digest_texts *texts)
{
    int format = difference(known, texts);
    if (format < 0)
        return NULL;
    g_autofree char *place = history_place(scope->history, known->generation[format]);
    return g_strdup_printf("its %s is %s, and %s says %s", digest_names[format], texts->of[format],
                           place, known->texts.of[format]);
}

static void find_unknown(struct sealing *sealing, const struct scope *scope,
                         const struct seal_node *node)
{
    const char *foreign = foreign_of(scope, node->path);
    if (foreign)
        find(sealing, SEAL_UNCHECKED, node->path,
             g_strdup_printf("is recorded as %s alone, which can't be computed here", foreign));
    else
        find(sealing, SEAL_NEW, node->path, NULL);
}

/* False when all is over. */
static bool seal_file(struct sealing *sealing, struct scope *scope, const struct seal_node *node,
                      struct folder_hash *above)
{
    struct digest_texts texts = {0};
    const struct scope *who = scope;
    const struct seal_known *known = known_of(&who, node->path);
    unsigned formats = formats_for(sealing, known);
    char *problem = node->problem ? g_strdup(node->problem)
                    : formats     ? read_file(sealing, node, formats, &texts)
                                  : NULL;
    if (problem) {
        above->whole = false;
        find(sealing, SEAL_UNREADABLE, node->path, problem);
        return !*sealing->error;
    }
    record_file(scope, node, known, &texts);
    above->whole &= known || sealing->params->append;
    folder_hash_add_file(above, node->name, &texts);
    char *changed = known ? difference_text(who, known, &texts) : NULL;
    if (known)
        find(sealing, changed ? SEAL_CHANGED : SEAL_SAME, node->path, changed);
    else
        find_unknown(sealing, scope, node);
    return true;
}

static void record_folder(const struct scope *scope, const struct seal_node *node,
                          const GArray *hashes)
{
    if (!scope->manifest || !hashes->len)
        return;
    struct seal_record *record =
        manifest_add(scope->manifest, g_strdup(path_in(scope, node->path)), true);
    record->modified_s = node->modified_s;
    g_array_append_vals(record->hashes, hashes->data, hashes->len);
}

static bool is_below(const char *path, const char *folder)
{
    const gsize head = strlen(folder);
    return head == 0 ||
           (g_str_has_prefix(path, folder) && (path[head] == '/' || path[head] == '\0'));
}

static bool refers_to_newest(const struct scope *scope, const struct scope *below)
{
    const struct seal_reference *reference =
        g_hash_table_lookup(scope->history->references, path_in(scope, below->node->path));
    const GPtrArray *names = below->history->names;
    g_autofree char *name = reference ? g_path_get_basename(reference->path) : NULL;
    return name && names->len && strcmp(names->pdata[names->len - 1], name) == 0;
}

/* Whether a seal in the folder is newer than what the scope has of it: it may have more files by
 * now, and leave others out. */
static bool is_sealed_anew(const struct sealing *sealing, const struct scope *scope,
                           const char *folder)
{
    for (guint i = 0; i < sealing->scopes->len; i++) {
        const struct scope *below = sealing->scopes->pdata[i];
        if (below != scope && below->above == scope && is_below(below->node->path, folder) &&
            !refers_to_newest(scope, below))
            return true;
    }
    return false;
}

/* What is left out otherwise than when it was sealed makes other hashes. */
static void hold_folder(struct sealing *sealing, const struct scope *scope, const char *path,
                        const GArray *hashes)
{
    const char *const *ignored = sealing->params->ignored;
    if (sealing->params->append || (ignored && *ignored) || is_sealed_anew(sealing, scope, path))
        return;
    const char *differs =
        folder_hashes_differ(history_folder(scope->history, path_in(scope, path)), hashes);
    if (!differs)
        return;
    g_autofree char *place = history_place(scope->history, scope->history->names->len - 1);
    struct seal_finding *finding = g_new0(struct seal_finding, 1);
    *finding = (struct seal_finding){
        SEAL_CHANGED, g_strdup(path),
        g_strdup_printf("the hash of its %s isn't the one that %s has, though each file in it is "
                        "what it was: a folder or a name in it is another",
                        differs, place)};
    g_ptr_array_add(sealing->other, finding);
}

static bool end_scope(struct sealing *sealing, struct scope *scope, const GArray *hashes)
{
    struct history *history = scope->history;
    if (!scope->manifest)
        return true;
    g_array_append_vals(scope->manifest->root, hashes->data, hashes->len);
    if (!history_append(history, g_steal_pointer(&scope->manifest), sealing->error))
        return false;
    const char *name = history->names->pdata[history->names->len - 1];
    if (!scope->above) {
        sealing->out->manifest = g_build_filename(SEAL_FOLDER, name, NULL);
        return true;
    }
    g_autofree char *path =
        g_build_filename(path_in(scope->above, scope->node->path), SEAL_FOLDER, name, NULL);
    if (!scope->is_another)
        manifest_add_reference(scope->above->manifest, path,
                               history->checksums->pdata[history->checksums->len - 1]);
    record_folder(scope->above, scope->node, hashes);
    return true;
}

static bool is_left_out(const struct scope *scope, const struct seal_node *node)
{
    return scope->above && ignore_has(scope->ignore, path_in(scope, node->path), node->is_folder);
}

static bool seal_node(struct sealing *sealing, struct scope *scope, const struct seal_node *node,
                      GArray *hashes);

/* A folder's own hashes go to `above`. */
static bool seal_child_folder(struct sealing *sealing, struct scope *scope,
                              const struct seal_node *node, struct folder_hash *above)
{
    g_autoptr(GArray) hashes = g_array_new(FALSE, TRUE, sizeof(struct seal_hash));
    if (node->problem)
        find(sealing, SEAL_UNREADABLE, node->path, g_strdup(node->problem));
    else if (!seal_node(sealing, scope, node, hashes))
        return false;
    folder_hash_add_folder(above, node->name, hashes);
    return true;
}

static bool seal_children(struct sealing *sealing, struct scope *scope,
                          const struct seal_node *node, bool folders, struct folder_hash *of)
{
    for (guint i = 0; i < node->children->len; i++) {
        const struct seal_node *child = node->children->pdata[i];
        if (child->is_folder != folders || is_left_out(scope, child))
            continue;
        g_hash_table_add(sealing->seen, child->path);
        if (!(folders ? seal_child_folder : seal_file)(sealing, scope, child, of))
            return false;
    }
    return true;
}

/* Folders first, as the reference implementation lists them. */
static bool seal_node(struct sealing *sealing, struct scope *scope, const struct seal_node *node,
                      GArray *hashes)
{
    struct folder_hash hash;
    struct scope *own = scope_of(sealing, node->path);
    struct scope *of = own ? own : scope;
    folder_hash_begin(&hash,
                      sealing->params->append ? sealing->params->formats : sealing->folder_formats);
    bool fine = seal_children(sealing, of, node, true, &hash) &&
                seal_children(sealing, of, node, false, &hash);
    if (fine)
        folder_hash_end(&hash, hashes);
    folder_hash_clear(&hash);
    if (fine)
        hold_folder(sealing, of, node->path, hashes);
    if (!fine || own)
        return fine && end_scope(sealing, own, hashes);
    record_folder(scope, node, hashes);
    return true;
}

/* Also when a folder on its way is ignored. */
static bool is_ignored(const struct ignore *ignore, const char *path, bool is_folder)
{
    for (const char *slash = path; (slash = strchr(slash, '/')); slash++) {
        g_autofree char *folder = g_strndup(path, (gsize)(slash - path));
        if (ignore_has(ignore, folder, true))
            return true;
    }
    return ignore_has(ignore, path, is_folder);
}

static char *path_below(const struct scope *scope, const char *path)
{
    return *scope->node->path ? g_strconcat(scope->node->path, "/", path, NULL) : g_strdup(path);
}

/* By any history of a folder it is in. */
static bool is_left_out_of_all(const struct sealing *sealing, const char *path, bool is_folder)
{
    for (guint i = 0; i < sealing->scopes->len; i++) {
        const struct scope *scope = sealing->scopes->pdata[i];
        gsize head = strlen(scope->node->path);
        bool is_in = head == 0 || (g_str_has_prefix(path, scope->node->path) && path[head] == '/');
        if (is_in && is_ignored(scope->ignore, path_in(scope, path), is_folder))
            return true;
    }
    return false;
}

static void find_missing_of(struct sealing *sealing, const struct scope *scope)
{
    g_autoptr(GList) paths = g_hash_table_get_keys(scope->history->known);
    paths = g_list_sort(paths, (GCompareFunc)strcmp);
    for (GList *at = paths; at; at = at->next) {
        g_autofree char *path = path_below(scope, at->data);
        if (!g_hash_table_contains(sealing->seen, path) &&
            !is_left_out_of_all(sealing, path, false))
            find(sealing, SEAL_MISSING, path, g_strdup("is sealed, and isn't there"));
    }
}

/* What was found in a folder says why it is another. */
static bool is_explained(const struct sealing *sealing, const char *folder)
{
    for (guint i = 0; i < sealing->out->findings->len; i++) {
        const struct seal_finding *finding = sealing->out->findings->pdata[i];
        if (finding->verdict != SEAL_SAME && is_below(finding->path, folder))
            return true;
    }
    return false;
}

/* Folders that had no files: of all others the files are missing. */
static void find_missing_folders(struct sealing *sealing, const struct scope *scope)
{
    const struct manifest *newest = scope->history->newest;
    for (guint i = 0; newest && i < newest->records->len; i++) {
        const struct seal_record *record = newest->records->pdata[i];
        g_autofree char *path = record->is_folder ? path_below(scope, record->path) : NULL;
        if (path && !g_hash_table_contains(sealing->seen, path) &&
            !is_left_out_of_all(sealing, path, true) && !is_explained(sealing, path))
            find(sealing, SEAL_MISSING, path, g_strdup("a folder that is sealed, and isn't there"));
    }
}

static void find_other_folders(struct sealing *sealing)
{
    for (guint i = 0; i < sealing->other->len; i++) {
        struct seal_finding *finding = sealing->other->pdata[i];
        if (!is_explained(sealing, finding->path))
            find(sealing, finding->verdict, finding->path, g_steal_pointer(&finding->text));
    }
}

static bool has_generation(const struct history *history, const struct seal_reference *reference)
{
    g_autofree char *name = g_path_get_basename(reference->path);
    for (guint i = 0; i < history->names->len; i++)
        if (strcmp(history->names->pdata[i], name) == 0)
            return digest_equal(DIGEST_C4, history->checksums->pdata[i], reference->c4);
    return false;
}

/* Of the histories below that a history refers to. */
static void hold_references_of(struct sealing *sealing, const struct scope *scope)
{
    g_autoptr(GList) folders = g_hash_table_get_keys(scope->history->references);
    folders = g_list_sort(folders, (GCompareFunc)strcmp);
    for (GList *at = folders; at; at = at->next) {
        const struct seal_reference *reference =
            g_hash_table_lookup(scope->history->references, at->data);
        g_autofree char *folder = path_below(scope, at->data);
        struct scope *below = scope_of(sealing, folder);
        if (below && !has_generation(below->history, reference)) {
            below->is_another = true;
            find(sealing, SEAL_CHANGED, folder,
                 g_strdup_printf("its seal isn't the one that was sealed here: it has no %s of "
                                 "the recorded c4",
                                 reference->path));
        } else if (!below && !is_left_out_of_all(sealing, folder, true)) {
            find(sealing, SEAL_MISSING, folder,
                 g_strdup_printf("was sealed with a seal of its own, and %s isn't there",
                                 reference->path));
        }
    }
}

static bool seal_tree(struct sealing *sealing, const struct seal_node *root)
{
    int files = 0;
    int64_t bytes = 0;
    g_autoptr(GArray) hashes = g_array_new(FALSE, TRUE, sizeof(struct seal_hash));
    struct scope *scope = sealing->scopes->pdata[0];
    scope->node = root;
    if (!open_scopes_below(sealing, scope, root))
        return false;
    tree_count(root, &files, &bytes);
    if (sealing->params->begin)
        sealing->params->begin(sealing->params->ear->self, files, bytes);
    if (root->problem) {
        find(sealing, SEAL_UNREADABLE, "", g_strdup(root->problem));
        return true;
    }
    for (guint i = 0; i < sealing->scopes->len; i++)
        hold_references_of(sealing, sealing->scopes->pdata[i]);
    if (!seal_node(sealing, NULL, root, hashes))
        return false;
    for (guint i = 0; i < sealing->scopes->len; i++)
        find_missing_of(sealing, sealing->scopes->pdata[i]);
    for (guint i = 0; !sealing->params->append && i < sealing->scopes->len; i++)
        find_missing_folders(sealing, sealing->scopes->pdata[i]);
    find_other_folders(sealing);
    return true;
}

bool seal_folder(const char *folder, const struct seal_params *params, struct seal_outcome *out,
                 GError **error)
{
    char nothing[] = "";
    const struct seal_node nowhere = {.path = nothing};
    GError *wrong = NULL;
    g_autoptr(GPtrArray) scopes = g_ptr_array_new_with_free_func(scope_free);
    g_autoptr(GPtrArray) other = g_ptr_array_new_with_free_func(finding_free);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    struct sealing sealing = {.params = params,
                              .out = out,
                              .root = folder,
                              .began_s = g_get_real_time() / G_USEC_PER_SEC,
                              .scopes = scopes,
                              .seen = seen,
                              .other = other,
                              .error = &wrong};
    *out = (struct seal_outcome){0};
    out->findings = g_ptr_array_new();
    bool fine = open_scope(&sealing, NULL, &nowhere);
    if (fine) {
        const struct scope *root = scopes->pdata[0];
        g_auto(seal_node_ptr) tree = tree_look(folder, root->ignore);
        fine = seal_tree(&sealing, tree);
    }
    if (!fine)
        g_propagate_error(error, wrong);
    return fine;
}

void seal_outcome_clear(struct seal_outcome *outcome)
{
    for (guint i = 0; outcome->findings && i < outcome->findings->len; i++)
        finding_free(outcome->findings->pdata[i]);
    g_clear_pointer(&outcome->findings, g_ptr_array_unref);
    g_clear_pointer(&outcome->manifest, g_free);
}

bool seal_outcome_is_good(const struct seal_outcome *outcome)
{
    return !outcome->counts[SEAL_CHANGED] && !outcome->counts[SEAL_MISSING] &&
           !outcome->counts[SEAL_UNREADABLE];
}
