#include "cli/out/html.h"
#include "cli/report/report_page.h"

void
report_page_section(struct str *out, const char *id, const char *title,
    size_t count, bool counted)
{
	str_addf(out,
	    "\n<section id=\"%s\" aria-labelledby=\"%s-title\">\n"
	    "<h2 id=\"%s-title\">%s",
	    id, id, id, title);
	if (counted) {
		str_add(out, " <span class=\"count\">");
		html_count(out, count);
		str_add(out, "</span>");
	}
	str_add(out, "</h2>\n");
}

void
report_page_more(struct str *out, size_t n)
{
	if (n == 0)
		return;
	str_add(out, "<p class=\"more\">… and ");
	html_count(out, n);
	str_add(out, " more, which the command line shows</p>\n");
}
