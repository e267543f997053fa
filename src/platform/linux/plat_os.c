#include "platform/plat_env.h"

#include "platform/plat_fs.h"

const char *
plat_os(void)
{
	return "linux";
}

/* The first line of a small file. */
static void
add_line(struct str *out, const char *native)
{
	struct plat_file f;
	char buf[64];
	size_t got = 0;
	if (plat_open_native(&f, native, NULL) != 0)
		return;
	if (plat_read(f, buf, sizeof(buf), &got, NULL) == 0)
		for (size_t i = 0; i < got && buf[i] != '\n'; i++)
			str_addc(out, buf[i]);
	plat_close(&f, NULL);
}

/* Made when the system was installed; where there is none (a container), the
   id of this boot, which is nobody else's either, though not for long. */
void
plat_machine_id(struct str *out)
{
	size_t start = out->len;
	add_line(out, "/etc/machine-id");
	if (out->len == start)
		add_line(out, "/var/lib/dbus/machine-id");
	if (out->len == start)
		add_line(out, "/proc/sys/kernel/random/boot_id");
}
