/* Who shares the cloud folder, what each published last, and whether it is all
   there. */
#include "cli/out/html.h"
#include "cli/report/report_page.h"
#include "model/cloud/complete.h"
#include "model/cloud/handcode.h"

enum { FAULTS_MAX = 200 };

static void
add_tags(struct str *out, const struct folder *f, size_t i)
{
	if (f->v[i].head.machine == f->self)
		str_add(out, " <span class=\"tag settled\">this one</span>");
	if (f->head[i])
		str_add(out, " <span class=\"tag\">newest word</span>");
}

static void
add_machine(struct str *out, const struct report *r, size_t i)
{
	const struct folder *f = &r->run.folder;
	const struct manifest_head *h = &f->v[i].head;
	char code[HANDCODE_SIZE];
	str_add(out, "<tr><th scope=\"row\">");
	html_textf(out, "%s", f->roster.ids.v[h->machine]);
	add_tags(out, f, i);
	str_add(out, "</th><td>");
	html_textf(out, "%s", h->label != NULL ? h->label : "");
	str_add(out, "</td><td>");
	html_textf(out, "%s", h->os != NULL ? h->os : "");
	str_add(out, "</td><td>");
	html_time(out, (struct stamp){.sec = h->time}, r->when);
	str_add(out, "</td><td class=\"number\">");
	html_count(out, h->generation);
	str_add(out, "</td><td class=\"number\">");
	html_count(out, h->files);
	str_add(out, " files, ");
	html_size(out, h->bytes);
	str_addf(out, "</td><td><code>%s</code></td></tr>\n",
	    handcode_text(code, h->root));
}

static void
add_faults(struct str *out, const struct run *run)
{
	const struct complete *c = &run->faults;
	size_t n = c->n < FAULTS_MAX ? c->n : FAULTS_MAX;
	if (n == 0)
		return;
	str_addf(out,
	    "<h3>Not as the machines say</h3>\n<p>The cloud folder differs "
	    "from what was published; the cloud client may not have "
	    "finished.</p>\n<div class=\"wide\" tabindex=\"0\" "
	    "role=\"region\" aria-label=\"Not as the machines "
	    "say\"><table>\n<thead><tr><th scope=\"col\">path</th><th "
	    "scope=\"col\">how</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < n; i++) {
		str_add(out, "<tr data-path><td class=\"path\">");
		html_text(out, c->v[i].path, c->v[i].path_len);
		str_addf(
		    out, "</td><td>%s</td></tr>\n", complete_word(c->v[i].why));
	}
	str_add(out, "</tbody></table></div>\n");
	report_page_more(out, c->n - n);
}

void
report_page_machines(struct str *out, const struct report *r)
{
	const struct folder *f = &r->run.folder;
	report_page_section(out, "machines", "Machines", f->n, true);
	if (f->n == 0)
		str_add(out,
		    "<p class=\"nothing\">No machine has published "
		    "anything yet.</p>\n");
	else
		str_add(out,
		    "<div class=\"wide\" tabindex=\"0\" role=\"region\" "
		    "aria-label=\"Machines\"><table>\n<thead><tr><th "
		    "scope=\"col\">machine</th><th scope=\"col\">label</th><th "
		    "scope=\"col\">system</th><th scope=\"col\">published"
		    "</th><th scope=\"col\" class=\"number\">generation</th>"
		    "<th scope=\"col\" class=\"number\">state</th><th "
		    "scope=\"col\">code</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < f->n; i++)
		add_machine(out, r, i);
	str_add(out, f->n > 0 ? "</tbody></table></div>\n" : "");
	for (size_t i = 0; i < f->unreadable.n; i++) {
		str_add(out, "<p class=\"note\">");
		html_textf(out, "What %s published cannot be read: %s",
		    f->unreadable.v[i], f->reasons.v[i]);
		str_add(out, "</p>\n");
	}
	add_faults(out, &r->run);
	str_add(out, "</section>\n");
}
