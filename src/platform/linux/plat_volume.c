#include "platform/posix/plat_posix.h"

#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>

#include "platform/linux/mounts.h"
#include "platform/plat_err.h"

/* What <linux/magic.h> leaves out, and statfs(2) does not name. */
#define MOUNT_RDONLY 1
#define MAGIC_XFS 0x58465342
#define MAGIC_NTFS 0x5346544e
#define MAGIC_NTFS3 0x7366746e
#define MAGIC_ZFS 0x2fc12fc1
#define MAGIC_BCACHEFS 0xca451a4e
#define MAGIC_CEPH 0x00c36400
#define MAGIC_VBOX 0x786f4256
#define MAGIC_VMHGFS 0xbacbacbc
#define MAGIC_GFS2 0x01161970
#define MAGIC_OCFS2 0x7461636f
#define MAGIC_JFS 0x3153464a
#define MAGIC_UDF 0x15013346
#define MAGIC_HFSPLUS 0x482b
#define MAGIC_CIFS 0xff534d42
#define MAGIC_SMB2 0xfe534d42
#define MAGIC_EXFAT 0x2011bab0
#define MAGIC_FUSE 0x65735546

struct kind {
	const char *name;
	uint32_t magic;
	bool remote;
	bool no_modes;  /* who may execute is made up */
	bool fold_case; /* unless its entries prove otherwise */
};

static const struct kind kinds[] = {
    {"ext4", EXT4_SUPER_MAGIC, false, false, false},
    {"btrfs", BTRFS_SUPER_MAGIC, false, false, false},
    {"xfs", MAGIC_XFS, false, false, false},
    {"tmpfs", TMPFS_MAGIC, false, false, false},
    {"overlay", OVERLAYFS_SUPER_MAGIC, false, false, false},
    {"f2fs", F2FS_SUPER_MAGIC, false, false, false},
    {"zfs", MAGIC_ZFS, false, false, false},
    {"bcachefs", MAGIC_BCACHEFS, false, false, false},
    {"jfs", MAGIC_JFS, false, false, false},
    {"udf", MAGIC_UDF, false, false, false},
    {"hfsplus", MAGIC_HFSPLUS, false, false, true},
    {"nfs", NFS_SUPER_MAGIC, true, false, false},
    {"cifs", MAGIC_CIFS, true, true, true},
    {"cifs", MAGIC_SMB2, true, true, true},
    {"smb", SMB_SUPER_MAGIC, true, true, true},
    {"afs", AFS_SUPER_MAGIC, true, true, false},
    {"9p", V9FS_MAGIC, true, false, false},
    {"ceph", MAGIC_CEPH, true, false, false},
    {"gfs2", MAGIC_GFS2, true, false, false},
    {"ocfs2", MAGIC_OCFS2, true, false, false},
    {"vboxsf", MAGIC_VBOX, true, true, true},
    {"vmhgfs", MAGIC_VMHGFS, true, true, true},
    {"vfat", MSDOS_SUPER_MAGIC, false, true, true},
    {"exfat", MAGIC_EXFAT, false, true, true},
    {"ntfs", MAGIC_NTFS, false, true, true},
    {"ntfs3", MAGIC_NTFS3, false, true, true},
    {"fuse", MAGIC_FUSE, true, true, false},
};

/* FUSE programs that pass modes through to something that keeps them. Of all
   others we assume that they do not: a bit wrongly thought to be stored would
   look like the user's change, one not carried over is only missed. */
static const char *const fuse_with_modes[] = {
    "fuse.sshfs",
    "fuse.bindfs",
    "fuse.mergerfs",
    "fuse.gocryptfs",
    "fuse.encfs",
    "fuse.cryfs",
    "fuse.securefs",
    "fuse.fuse-overlayfs",
    "fuse.glusterfs",
    "fuse.juicefs",
    "fuse.unionfs",
};

static const struct kind *
kind_of(const struct statfs *fs)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].magic == (uint32_t)fs->f_type)
			return &kinds[i];
	static const struct kind other = {.name = "other"};
	return &other;
}

static bool
fuse_stores_modes(const char *type)
{
	size_t n = sizeof(fuse_with_modes) / sizeof(fuse_with_modes[0]);
	for (size_t i = 0; i < n; i++)
		if (strcmp(fuse_with_modes[i], type) == 0)
			return true;
	return false;
}

/* FUSE is one magic for a hundred programs; the mount table names them. */
static void
describe_fuse(int fd, struct plat_volume *out)
{
	struct str type = STR_INIT;
	struct stat st;
	if (fstat(fd, &st) == 0 && mounts_type(&type, st.st_dev) == 0) {
		snprintf(out->kind, sizeof(out->kind), "%s", type.p);
		out->exec_bit = fuse_stores_modes(type.p);
	}
	str_free(&type);
}

/* What needs no look into the directory. */
static int
describe(int fd, struct plat_volume *out, const struct kind **kind)
{
	struct statfs fs;
	int rc;
	POSIX_RETRY(rc, fstatfs(fd, &fs));
	if (rc < 0)
		return -1;
	const struct kind *k = kind_of(&fs);
	uint64_t unit = (uint64_t)(fs.f_frsize > 0 ? fs.f_frsize : fs.f_bsize);
	*kind = k;
	*out = (struct plat_volume){
	    .free_bytes = (uint64_t)fs.f_bavail * unit,
	    .total_bytes = (uint64_t)fs.f_blocks * unit,
	    .read_only = (fs.f_flags & MOUNT_RDONLY) != 0,
	    .remote = k->remote,
	    .exec_bit = !k->no_modes,
	};
	snprintf(out->kind, sizeof(out->kind), "%s", k->name);
	if (k->magic == MAGIC_FUSE)
		describe_fuse(fd, out);
	return 0;
}

int
plat_volume(struct plat_volume *out, struct plat_dir *d, struct err *e)
{
	const struct kind *kind;
	if (describe(d->fd, out, &kind) < 0)
		return plat_fail(e, errno, "ask about the file system");
	out->fold_case = unix_folds_case(d->fd, kind->fold_case);
	return 0;
}

bool
unix_stores_modes(int fd)
{
	const struct kind *kind;
	struct plat_volume v;
	return describe(fd, &v, &kind) < 0 || v.exec_bit;
}
