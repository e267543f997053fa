set(macos_arch arm64)
include("${CMAKE_CURRENT_LIST_DIR}/toolchain-macos.cmake")
