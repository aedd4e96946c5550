#[[
One line a target, in Flamigo's own build and, by find_package(flamigo), in that of
a user.

  flamigo_add_library(NAME [ALIAS alias] [SOURCES ...] [DEPENDS ...] [PCH_FROM target]
                      [EXPORT set])
  flamigo_add_executable(NAME [UNITY] [SOURCES ...] [DEPENDS ...] [PCH_FROM target])
  flamigo_add_tests(DIR [OF directory file ...] [DEPENDS ...] [PCH_FROM target])
  flamigo_add_test(NAME [SOURCES ...] [DEPENDS ...] [PCH_FROM target])
  flamigo_add_benchmark(NAME [SOURCES ...] [DEPENDS ...] [PCH_FROM target])
  flamigo_add_fuzzer(NAME [SOURCES ...] [DEPENDS ...])

Without SOURCES a library takes every .cpp below its directory, the others take
NAME.cpp. Relative paths are relative to the calling directory. EXPORT names
the package that it is in, if not in the one that all others need. PCH_FROM names
the precompiled header to use, if not the usual one (see FlamigoPch.cmake); only
Flamigo itself has some. Programs go to bin/ in the folder of the build. With
CMAKE_UNITY_BUILD libraries are compiled as one file each, or as a few, and so are
programs with UNITY: their files must not have two things of the same name.
]]

include_guard(GLOBAL)
include(GNUInstallDirs)

# -- what every target of ours has in common ----------------------------------

# Warnings and sanitizers stay private: they are no business of who links us.
function(_flamigo_common target)
  set_target_properties(
    ${target}
    PROPERTIES CXX_EXTENSIONS OFF
               CXX_SCAN_FOR_MODULES OFF
               RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin"
               INTERPROCEDURAL_OPTIMIZATION "${FLAMIGO_LTO}")
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_compile_options(${target} PRIVATE ${FLAMIGO_COMPILE_OPTIONS})
  target_link_options(${target} PRIVATE ${FLAMIGO_LINK_OPTIONS})
endfunction()

# What is compiled as one file reads each header once anyway.
function(_flamigo_pch_from target from default)
  if(NOT from)
    set(from ${default})
  endif()
  get_target_property(unity ${target} UNITY_BUILD)
  if(FLAMIGO_PCH AND NOT unity AND PROJECT_NAME STREQUAL flamigo)
    target_precompile_headers(${target} REUSE_FROM ${from})
  endif()
endfunction()

# -- libraries ----------------------------------------------------------------

function(flamigo_add_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "ALIAS;EXPORT;PCH_FROM"
                        "SOURCES;DEPENDS")
  if(NOT arg_SOURCES)
    file(GLOB_RECURSE arg_SOURCES CONFIGURE_DEPENDS *.cpp)
  endif()
  set(export flamigo)
  if(arg_EXPORT)
    set(export ${arg_EXPORT})
  endif()
  add_library(${name} STATIC ${arg_SOURCES})
  _flamigo_common(${name})
  target_include_directories(
    ${name} PUBLIC "$<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}>"
                   "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
  target_link_libraries(${name} PUBLIC ${arg_DEPENDS})
  _flamigo_pch_from(${name} "${arg_PCH_FROM}" flamigo_pch)
  if(arg_ALIAS)
    add_library(flamigo::${arg_ALIAS} ALIAS ${name})
    set_target_properties(${name} PROPERTIES EXPORT_NAME ${arg_ALIAS})
  endif()
  if(FLAMIGO_INSTALL)
    install(TARGETS ${name} EXPORT ${export}
            ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT ${export})
  endif()
  set_property(GLOBAL APPEND PROPERTY ${export}_roots
                                      "${CMAKE_CURRENT_SOURCE_DIR}")
endfunction()

# -- programs -----------------------------------------------------------------

function(flamigo_add_executable name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "UNITY" "PCH_FROM" "SOURCES;DEPENDS")
  if(NOT arg_SOURCES)
    set(arg_SOURCES ${name}.cpp)
  endif()
  add_executable(${name} ${arg_SOURCES})
  _flamigo_common(${name})
  if(NOT arg_UNITY)
    set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
  endif()
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS})
  _flamigo_pch_from(${name} "${arg_PCH_FROM}" flamigo_pch)
endfunction()

# -- tests --------------------------------------------------------------------

function(flamigo_add_test name)
  if(NOT PCH_FROM IN_LIST ARGN)
    list(APPEND ARGN PCH_FROM flamigo_test_pch)
  endif()
  if(NOT COMMAND catch_discover_tests)
    find_package(Catch2 3 REQUIRED)
    include(Catch)
  endif()
  flamigo_add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE Catch2::Catch2WithMain)
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
  # Asked for when CTest runs: a build does not start what it has just linked.
  catch_discover_tests(
    ${name}
    TEST_PREFIX "${name}: "
    DISCOVERY_MODE PRE_TEST
    PROPERTIES TIMEOUT 120 LABELS ${name})
endfunction()

# All tests of a folder in one program: one link, one main. OF names files that are
# tested and part of no library.
function(flamigo_add_tests dir)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "PCH_FROM" "OF;DEPENDS")
  file(GLOB sources CONFIGURE_DEPENDS ${dir}/*.cpp)
  if(arg_PCH_FROM)
    set(pch PCH_FROM ${arg_PCH_FROM})
  endif()
  flamigo_add_test(${dir}_test SOURCES ${sources} DEPENDS ${arg_DEPENDS} ${pch})
  if(arg_OF)
    list(POP_FRONT arg_OF where)
    list(TRANSFORM arg_OF PREPEND "${PROJECT_SOURCE_DIR}/${where}/")
    target_sources(${dir}_test PRIVATE ${arg_OF})
    target_include_directories(${dir}_test
                               PRIVATE "${PROJECT_SOURCE_DIR}/${where}")
  endif()
endfunction()

# -- benchmarks ---------------------------------------------------------------

function(flamigo_add_benchmark name)
  flamigo_add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE benchmark::benchmark_main)
endfunction()

# -- fuzzers ------------------------------------------------------------------

function(flamigo_add_fuzzer name)
  flamigo_add_executable(${name} ${ARGN})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
endfunction()
