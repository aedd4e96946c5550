# The reference of the public headers: `cmake --build --preset dev --target
# flamigo_reference` makes reference/html/index.html in the folder of the build,
# and fails when a public name has no documentation.

include_guard(GLOBAL)

find_program(FLAMIGO_DOXYGEN NAMES doxygen)
mark_as_advanced(FLAMIGO_DOXYGEN)
if(FLAMIGO_DOXYGEN)
  add_custom_target(
    flamigo_reference
    COMMAND
      "${CMAKE_COMMAND}" -E env "FLAMIGO_VERSION=${PROJECT_VERSION}"
      "FLAMIGO_REFERENCE=${PROJECT_BINARY_DIR}/reference" "${FLAMIGO_DOXYGEN}"
      docs/Doxyfile
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
    VERBATIM)
endif()
