#[[
One line a target.

  flamigo_add_library(NAME [ALIAS alias] [SOURCES ...] [DEPENDS ...] [PCH_FROM target])
  flamigo_add_executable(NAME [SOURCES ...] [DEPENDS ...] [PCH_FROM target])
  flamigo_add_tests(DIR [DEPENDS ...] [PCH_FROM target])
  flamigo_add_test(NAME [SOURCES ...] [DEPENDS ...] [PCH_FROM target])
  flamigo_add_benchmark(NAME [SOURCES ...] [DEPENDS ...] [PCH_FROM target])
  flamigo_add_fuzzer(NAME [SOURCES ...] [DEPENDS ...])

Without SOURCES a library takes every .cpp below its directory, the others take
NAME.cpp. Relative paths are relative to the calling directory. PCH_FROM names
the precompiled header to use, if not the usual one (see FlamigoPch.cmake).
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
               INTERPROCEDURAL_OPTIMIZATION ${FLAMIGO_LTO})
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_compile_options(${target} PRIVATE ${FLAMIGO_COMPILE_OPTIONS})
  target_link_options(${target} PRIVATE ${FLAMIGO_LINK_OPTIONS})
endfunction()

function(_flamigo_pch_from target from default)
  if(NOT from)
    set(from ${default})
  endif()
  if(FLAMIGO_PCH)
    target_precompile_headers(${target} REUSE_FROM ${from})
  endif()
endfunction()

# -- libraries ----------------------------------------------------------------

function(flamigo_add_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "ALIAS;PCH_FROM"
                        "SOURCES;DEPENDS")
  if(NOT arg_SOURCES)
    file(GLOB_RECURSE arg_SOURCES CONFIGURE_DEPENDS *.cpp)
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
    install(TARGETS ${name} EXPORT flamigo
            ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  endif()
  set_property(GLOBAL APPEND PROPERTY flamigo_roots
                                      "${CMAKE_CURRENT_SOURCE_DIR}")
endfunction()

# -- programs -----------------------------------------------------------------

function(flamigo_add_executable name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "PCH_FROM" "SOURCES;DEPENDS")
  if(NOT arg_SOURCES)
    set(arg_SOURCES ${name}.cpp)
  endif()
  add_executable(${name} ${arg_SOURCES})
  _flamigo_common(${name})
  # In batches (CMAKE_UNITY_BUILD) are the libraries only: what is in the
  # anonymous namespace of a program is nobody else's business.
  set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS})
  _flamigo_pch_from(${name} "${arg_PCH_FROM}" flamigo_pch)
endfunction()

# -- tests --------------------------------------------------------------------

function(flamigo_add_test name)
  if(NOT PCH_FROM IN_LIST ARGN)
    list(APPEND ARGN PCH_FROM flamigo_test_pch)
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

# All of a component's tests in one program: one link, one main.
function(flamigo_add_tests dir)
  file(GLOB sources CONFIGURE_DEPENDS ${dir}/*.cpp)
  flamigo_add_test(${dir}_test SOURCES ${sources} ${ARGN})
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
