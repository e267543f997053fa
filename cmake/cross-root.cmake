# cross_sysroot(WHAT) - where scripts/cross has put the sysroot WHAT; sets
# COLDSYNC_SYSROOT, or says how to get it.
function(cross_sysroot what)
  if(DEFINED ENV{COLDSYNC_CROSS})
    set(root "$ENV{COLDSYNC_CROSS}")
  elseif(DEFINED ENV{XDG_CACHE_HOME})
    set(root "$ENV{XDG_CACHE_HOME}/coldsync/cross")
  else()
    set(root "$ENV{HOME}/.cache/coldsync/cross")
  endif()
  if(NOT EXISTS "${root}/${what}/STAMP")
    string(REGEX REPLACE "-.*" "" argument "${what}")
    message(FATAL_ERROR
      "There is no ${root}/${what}: run scripts/cross ${argument} first.")
  endif()
  set(COLDSYNC_SYSROOT "${root}/${what}" PARENT_SCOPE)
endfunction()
