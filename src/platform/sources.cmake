# Which files make the platform layer on this system; sources differ per system
# here and nowhere else. A mechanism a system lacks is a file in none/.
set(posix_sources
  platform/posix/brood.c platform/posix/launch.c
  platform/posix/plat_await.c
  platform/posix/plat_canonical.c platform/posix/plat_case.c
  platform/posix/plat_child.c platform/posix/plat_dir.c
  platform/posix/plat_env.c platform/posix/plat_err.c
  platform/posix/plat_feed.c platform/posix/plat_file.c platform/posix/plat_flock.c
  platform/posix/plat_lock.c platform/posix/plat_name.c
  platform/posix/plat_proc_self.c platform/posix/plat_sig.c
  platform/posix/plat_spawn.c platform/posix/plat_stat.c
  platform/posix/plat_terminal.c platform/posix/plat_thread.c
  platform/posix/plat_time.c platform/posix/plat_walk.c
  platform/posix/watch_walk.c)

set(platform_libraries "")
if(WIN32)
  set(platform_sources
    platform/none/plat_feed.c
    platform/win32/plat_ask.c platform/win32/plat_await.c
    platform/win32/plat_attr.c platform/win32/plat_child.c
    platform/win32/plat_clone.c platform/win32/plat_dir.c
    platform/win32/plat_env.c platform/win32/plat_err.c
    platform/win32/plat_file.c platform/win32/plat_holders.c
    platform/win32/plat_list.c platform/win32/plat_lock.c platform/win32/plat_memory.c
    platform/win32/plat_name.c platform/win32/plat_open.c
    platform/win32/plat_proc.c platform/win32/plat_program.c
    platform/win32/plat_remove.c
    platform/win32/plat_sig.c platform/win32/plat_spawn.c
    platform/win32/plat_swap.c platform/win32/plat_symlink.c
    platform/win32/plat_terminal.c platform/win32/plat_thread.c
    platform/win32/plat_time.c platform/win32/plat_volume.c
    platform/win32/plat_watch.c
    platform/win32/quote.c platform/win32/wide.c
    platform/win32/win32_environment.c platform/win32/win32_meta.c
    platform/win32/win32_name.c platform/win32/win32_open.c
    platform/win32/win32_path.c platform/win32/win32_process.c
    platform/win32/win32_program.c platform/win32/win32_retry.c)
  set(platform_libraries bcrypt user32)
elseif(APPLE)
  set(platform_sources ${posix_sources}
    platform/darwin/plat_ask.c platform/posix/dialog.c
    platform/darwin/plat_holders.c platform/darwin/plat_memory.c platform/darwin/plat_os.c
    platform/darwin/plat_proc.c platform/darwin/plat_proc_stop.c
    platform/darwin/plat_program.c platform/darwin/plat_random.c platform/darwin/plat_stat.c
    platform/darwin/plat_swap.c platform/darwin/plat_sync.c
    platform/darwin/plat_volume.c platform/darwin/plat_watch.c
    platform/darwin/procs.c
    platform/none/plat_beneath.c platform/none/plat_clone.c
    platform/posix/plat_cpu.c platform/posix/plat_list.c
    platform/posix/plat_trylock.c)
else()
  set(platform_sources ${posix_sources}
    platform/linux/plat_ask.c platform/posix/dialog.c
    platform/linux/mounts.c platform/linux/plat_beneath.c
    platform/linux/plat_clone.c platform/linux/plat_cpu.c
    platform/linux/plat_holders.c platform/linux/plat_list.c
    platform/linux/plat_memory.c platform/linux/plat_os.c platform/linux/plat_proc.c
    platform/linux/plat_proc_stop.c platform/linux/plat_program.c platform/linux/plat_random.c
    platform/linux/plat_stat.c platform/linux/plat_swap.c
    platform/linux/plat_sync.c platform/linux/plat_trylock.c
    platform/linux/plat_volume.c platform/linux/plat_watch.c
    platform/linux/proc_stat.c
    platform/linux/procs.c)
endif()
