# Turns the FLAMIGO_* options into FLAMIGO_COMPILE_OPTIONS and
# FLAMIGO_LINK_OPTIONS, which every target of ours gets.

include_guard(GLOBAL)

set(FLAMIGO_COMPILE_OPTIONS)
set(FLAMIGO_LINK_OPTIONS)

# -- warnings -----------------------------------------------------------------

if(PROJECT_IS_TOP_LEVEL)
  list(APPEND FLAMIGO_COMPILE_OPTIONS
    -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow
    -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wcast-qual
    -Wold-style-cast -Wunused -Wformat=2 -Wvla
    -Wextra-semi)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    list(APPEND FLAMIGO_COMPILE_OPTIONS
      -Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wredundant-decls
      # What g++ 12 says of inlined std::string concatenation is not true.
      -Wno-restrict -Wno-stringop-overflow)
  endif()
  if(FLAMIGO_WARNINGS_AS_ERRORS)
    list(APPEND FLAMIGO_COMPILE_OPTIONS -Werror)
  endif()
endif()

# -- code ---------------------------------------------------------------------

if(FLAMIGO_NATIVE)
  list(APPEND FLAMIGO_COMPILE_OPTIONS -march=native)
endif()

# What GNU's compiler takes for a large unit may only grow by 40 % when it inlines,
# and a library in one file is large: 4 to 9 % of the instructions of a call.
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  list(APPEND FLAMIGO_COMPILE_OPTIONS --param=large-unit-insns=1000000)
  # A source that is included looks like a header to it.
  list(APPEND FLAMIGO_COMPILE_OPTIONS -Wno-subobject-linkage)
endif()

if(FLAMIGO_LTO)
  include(CheckIPOSupported)
  check_ipo_supported(LANGUAGES CXX)
endif()

if(FLAMIGO_SANITIZE)
  # Of debug information, what a report shows: with all of it, a third of the time
  # that compiling takes is for variables that nobody looks at.
  list(APPEND FLAMIGO_COMPILE_OPTIONS
    "-fsanitize=${FLAMIGO_SANITIZE}" -fno-sanitize-recover=all
    -fno-omit-frame-pointer -O1 -g1)
  list(APPEND FLAMIGO_LINK_OPTIONS "-fsanitize=${FLAMIGO_SANITIZE}")
  if(FLAMIGO_SANITIZE MATCHES undefined)
    # Two checks of the undefined behaviour sanitizer that cry wolf: CAF binds a
    # reference to no tuple when a function without arguments is spawned (what
    # is read through a null pointer, the address sanitizer reports), and the
    # check of vptrs opens a pipe, which fails in a test of running out of
    # descriptors.
    list(APPEND FLAMIGO_COMPILE_OPTIONS -fno-sanitize=null,vptr)
    # What clang 14 writes before each function for one of them, its assembler
    # cannot write where that is a part of a coroutine.
    if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
      list(APPEND FLAMIGO_COMPILE_OPTIONS -fno-sanitize=function)
    endif()
  endif()
endif()

if(FLAMIGO_BUILD_FUZZERS AND NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  message(FATAL_ERROR "The fuzzers need libFuzzer, which comes with clang: \
configure with `cmake --preset fuzz` or -DCMAKE_CXX_COMPILER=clang++, or leave \
FLAMIGO_BUILD_FUZZERS off.")
endif()

# -- linker -------------------------------------------------------------------

# GNU's link-time optimisation needs a linker that loads its plugin.
if(PROJECT_IS_TOP_LEVEL
   AND NOT (FLAMIGO_LTO AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU"))
  find_program(FLAMIGO_LINKER NAMES mold ld.lld
               DOC "A linker that is faster than the system's own")
  mark_as_advanced(FLAMIGO_LINKER)
  if(FLAMIGO_LINKER)
    cmake_path(GET FLAMIGO_LINKER FILENAME _flamigo_linker)
    string(REPLACE "ld.lld" "lld" _flamigo_linker "${_flamigo_linker}")
    list(APPEND FLAMIGO_LINK_OPTIONS "-fuse-ld=${_flamigo_linker}")
  endif()
endif()

# -- compiler cache -----------------------------------------------------------

if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(FLAMIGO_CCACHE NAMES ccache DOC "The compiler cache")
  mark_as_advanced(FLAMIGO_CCACHE)
  if(FLAMIGO_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER
        "${CMAKE_CURRENT_LIST_DIR}/ccache.sh" "${FLAMIGO_CCACHE}")
  endif()
endif()
if(FLAMIGO_PCH)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    list(APPEND FLAMIGO_COMPILE_OPTIONS -fpch-preprocess)
  elseif(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    list(APPEND FLAMIGO_COMPILE_OPTIONS "SHELL:-Xclang -fno-pch-timestamp")
  endif()
endif()
