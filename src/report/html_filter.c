/* SPDX-License-Identifier: GPL-3.0-or-later
 * The script of the page, and which outputs are shown: by status, which needs no script, and by
 * words, which does; without one the field for words isn't there. */
#include "html.h"

#include "escape.h"

const char html_script[] =
    "(()=>{if(/\\/\\.rushes\\/runs\\/[^\\/]+\\/[^\\/]*$/.test(location.pathname))"
    "for(const link of document.querySelectorAll('a[href^=\"" LINK_TO_OUTPUTS "\"]'))"
    "link.setAttribute('href','../'+link.getAttribute('href'));"
    "const field=document.getElementById('find'),said=document.getElementById('found');"
    "if(!field)return;"
    "const rows=[...document.querySelectorAll('table.outputs>tbody>tr')]"
    ".map(row=>[row,row.querySelector('th').textContent.toLowerCase()]);"
    "field.closest('p').hidden=false;"
    "field.addEventListener('input',()=>{"
    "const words=field.value.toLowerCase().split(/\\s+/).filter(Boolean);let hits=0;"
    "for(const [row,text] of rows){const hit=words.every(word=>text.includes(word));"
    "row.hidden=!hit;hits+=hit}"
    "said.textContent=words.length?hits+' of '+rows.length+' have it':''})})()";

static void put_choice(GString *out, const char *id, const char *words, unsigned count)
{
    append_markup(out,
                  "<label><input type=\"radio\" name=\"show\" id=\"show-%s\"%s>%s (%u)</label>\n",
                  id, id[0] == 'a' ? " checked" : "", words, count);
}

static unsigned kinds_of(const struct report *report)
{
    unsigned kinds = 0;
    for (int i = 0; i <= OUTPUT_CANCELLED; i++)
        kinds += report->totals[i] > 0;
    return kinds;
}

void html_filter(GString *out, const struct report *report)
{
    if (report->outputs->len < 2)
        return;
    g_string_append(out, "<div class=\"filter\">\n");
    if (kinds_of(report) > 1) {
        g_string_append(out, "<fieldset><legend>Show</legend>\n");
        put_choice(out, "all", "all", report->outputs->len);
        for (int i = 0; i <= OUTPUT_CANCELLED; i++)
            if (report->totals[i] > 0)
                put_choice(out, output_status_name((enum output_status)i),
                           status_words((enum output_status)i), report->totals[i]);
        g_string_append(out, "</fieldset>\n");
    }
    g_string_append(out, "<p hidden><label for=\"find\">Find</label> <input type=\"search\" "
                         "id=\"find\" autocomplete=\"off\" spellcheck=\"false\"> <output "
                         "id=\"found\" for=\"find\"></output></p>\n</div>\n");
}
