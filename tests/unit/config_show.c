#include "config_show.h"

void
config_show(struct str *out, const struct config *c, const struct config_key *k)
{
	const void *member = (const char *)c + k->offset;
	const struct strlist *list = member;
	const char *const *text = member;
	switch (k->type) {
	case CONFIG_KEY_ENUM:
		str_add(out, k->words[*(const int *)member]);
		break;
	case CONFIG_KEY_BOOL:
		str_add(out, *(const bool *)member ? "yes" : "no");
		break;
	case CONFIG_KEY_INT:
		str_addf(out, "%lld", (long long)*(const int64_t *)member);
		break;
	default:
		if (!config_key_is_list(k)) {
			str_add(out, *text == NULL ? "" : *text);
			break;
		}
		for (size_t i = 0; i < list->n; i++)
			str_addf(out, "%s%s", i > 0 ? " & " : "", list->v[i]);
	}
}
