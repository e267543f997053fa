#include "cli/out/html.h"

#include <stdarg.h>
#include <string.h>

#include "base/markup.h"
#include "base/num.h"
#include "base/text.h"
#include "platform/plat_time.h"

void
html_text(struct str *out, const char *s, size_t n)
{
	struct str shown = STR_INIT;
	text_show(&shown, s, n);
	markup_text(out, shown.p, shown.len);
	str_free(&shown);
}

void
html_textf(struct str *out, const char *fmt, ...)
{
	struct str text = STR_INIT;
	va_list ap;
	va_start(ap, fmt);
	str_vaddf(&text, fmt, ap);
	va_end(ap);
	html_text(out, text.p, text.len);
	str_free(&text);
}

void
html_time(struct str *out, struct stamp t, struct stamp now)
{
	char iso[STAMP_ISO_SIZE];
	struct stamp_parts p = stamp_parts(t.sec, plat_zone_offset(t));
	str_addf(out, "<time datetime=\"%s\">%04d-%02d-%02d %02d:%02d</time>",
	    stamp_iso(iso, t, 0, 0), (int)p.year, p.month, p.day, p.hour,
	    p.minute);
	if (now.sec < t.sec)
		return;
	str_add(out, " <span class=\"ago\">");
	if (now.sec - t.sec < 60) {
		str_add(out, "just now</span>");
		return;
	}
	num_duration(out, (uint64_t)(now.sec - t.sec) * 1000);
	str_add(out, " ago</span>");
}

void
html_bar(struct str *out, uint64_t part, uint64_t whole, const char *label)
{
	double share = whole > 0 ? 100.0 * (double)part / (double)whole : 0;
	str_add(out,
	    "<svg class=\"bar\" viewBox=\"0 0 100 8\" "
	    "preserveAspectRatio=\"none\" role=\"img\" aria-label=\"");
	html_text(out, label, strlen(label));
	str_addf(out,
	    "\"><rect class=\"trough\" width=\"100\" height=\"8\"/><rect "
	    "class=\"fill\" width=\"%.2f\" height=\"8\"/></svg>",
	    share);
}

void
html_size(struct str *out, uint64_t bytes)
{
	num_size(out, bytes);
}

void
html_count(struct str *out, uint64_t n)
{
	num_count(out, n);
}
