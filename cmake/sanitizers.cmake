# COLDSYNC_SANITIZE="address,undefined" or "thread": for every file, ours and
# the tests', because a sanitizer has to see both ends of a call.
if(COLDSYNC_SANITIZE)
  add_compile_options(
    -fsanitize=${COLDSYNC_SANITIZE} -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${COLDSYNC_SANITIZE})
endif()
