/* SPDX-License-Identifier: GPL-3.0-or-later
 * libvips loads all modules that lie below $VIPSHOME, or else beside it: so it is sent to where
 * none can be, and the one is loaded as it would have done. */
#include "vips_start.h"

#include <dlfcn.h>
#include <gmodule.h>
#include <vips/vips.h>

static const char home[] = "VIPSHOME", nowhere[] = "/dev/null";

/* NULL: it can't be told. */
static char *folder_of_libvips(void)
{
    Dl_info info;
    return dladdr((void *)vips_init, &info) && info.dli_fname ? g_path_get_dirname(info.dli_fname)
                                                              : NULL;
}

/* A libvips that has its formats built in has no such module. */
static void load_module(const char *name)
{
    g_autofree char *folder = folder_of_libvips();
    g_autofree char *modules =
        g_strdup_printf("vips-modules-%d.%d", vips_version(0), vips_version(1));
    g_autofree char *path = folder ? g_build_filename(folder, modules, name, NULL) : NULL;
    GModule *module = path ? g_module_open(path, G_MODULE_BIND_LAZY) : NULL;
    if (module)
        g_module_make_resident(module);
}

static bool start(void)
{
    g_autofree char *was = g_strdup(g_getenv(home));
    g_setenv(home, nowhere, TRUE);
    g_setenv("VIPS_DISC_THRESHOLD", "1000000g", TRUE);
    bool started = VIPS_INIT("rushes") == 0;
    if (was)
        g_setenv(home, was, TRUE);
    else
        g_unsetenv(home);
    if (!started)
        return false;
    load_module("vips-heif." G_MODULE_SUFFIX);
    vips_block_untrusted_set(TRUE);
    vips_cache_set_max(0);
    return true;
}

bool vips_start(void)
{
    static gsize started;
    if (g_once_init_enter(&started))
        g_once_init_leave(&started, start() ? 1 : 2);
    return started == 1;
}

void vips_unblock(const char *class)
{
    if (vips_start())
        vips_operation_block_set(class, FALSE);
}

void vips_unblock_jxl(const char *class)
{
    static gsize loaded;
    if (!vips_start())
        return;
    if (g_once_init_enter(&loaded)) {
        load_module("vips-jxl." G_MODULE_SUFFIX);
        vips_operation_block_set("VipsForeignLoadJxl", TRUE);
        vips_operation_block_set("VipsForeignSaveJxl", TRUE);
        g_once_init_leave(&loaded, 1);
    }
    vips_operation_block_set(class, FALSE);
}
