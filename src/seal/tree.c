/* SPDX-License-Identifier: GPL-3.0-or-later
 * Names, kinds and sizes. */
#include "tree.h"

#include "base/file.h"
#include "seal/history.h"

#include <errno.h>
#include <string.h>

void tree_destroy(struct seal_node *node)
{
    if (!node)
        return;
    g_free(node->name);
    g_free(node->path);
    g_free(node->problem);
    g_ptr_array_unref(node->children);
    g_free(node);
}

static void destroy_node(void *node)
{
    tree_destroy(node);
}

static struct seal_node *node_create(const char *name, const char *above)
{
    struct seal_node *node = g_new0(struct seal_node, 1);
    node->name = g_strdup(name);
    node->path = *above ? g_strconcat(above, "/", name, NULL) : g_strdup(name);
    node->children = g_ptr_array_new_with_free_func(destroy_node);
    return node;
}

static void look_at(struct seal_node *node, const char *place)
{
    struct stat st, of_link;
    if (lstat(place, &of_link) != 0 || stat(place, &st) != 0) {
        node->problem = g_strdup(g_strerror(errno));
        return;
    }
    node->is_folder = S_ISDIR(st.st_mode);
    node->size = st.st_size;
    node->modified_s = st.st_mtim.tv_sec;
    if (node->is_folder && S_ISLNK(of_link.st_mode))
        node->problem = g_strdup("is a link to a folder; seal that folder itself");
    else if (!node->is_folder && !S_ISREG(st.st_mode))
        node->problem = g_strdup("is neither a file nor a folder");
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    const struct seal_node *const *one = a, *const *other = b;
    return strcmp((*one)->name, (*other)->name);
}

static void look_into(struct seal_node *folder, const char *root, const struct ignore *ignore)
{
    g_autofree char *place = g_build_filename(root, folder->path, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) dir = g_dir_open(place, 0, &error);
    if (!dir)
        folder->problem = g_strdup(error->message);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        struct seal_node *node = node_create(name, folder->path);
        g_autofree char *below = g_build_filename(place, name, NULL);
        look_at(node, below);
        if (ignore_has(ignore, node->path, node->is_folder)) {
            tree_destroy(node);
            continue;
        }
        if (!node->problem && !manifest_can_name(node->path))
            node->problem = g_strdup("an MHL can't hold that name; give it one in UTF-8, without "
                                     "control characters");
        g_ptr_array_add(folder->children, node);
        node->is_sealed = node->is_folder && !node->problem && history_is_there(below);
        if (node->is_folder && !node->problem)
            look_into(node, root, ignore);
    }
    g_ptr_array_sort(folder->children, by_name);
}

struct seal_node *tree_look(const char *root, const struct ignore *ignore)
{
    struct seal_node *node = node_create("", "");
    look_at(node, root);
    g_clear_pointer(&node->problem, g_free); /* a link to the root is followed */
    node->is_folder = true;
    look_into(node, root, ignore);
    return node;
}

void tree_count(const struct seal_node *node, int *files, int64_t *bytes)
{
    *files += !node->is_folder;
    *bytes += node->is_folder ? 0 : node->size;
    for (guint i = 0; i < node->children->len; i++)
        tree_count(node->children->pdata[i], files, bytes);
}
