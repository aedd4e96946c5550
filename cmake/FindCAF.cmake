#[[
Finds the C++ Actor Framework, 0.17.x, which is packaged without CMake files.

  find_package(CAF REQUIRED COMPONENTS core io)

Defines CAF_FOUND, CAF_VERSION, CAF_<component>_FOUND and, for each component,
the imported target CAF::<component>. CAF_ROOT names an installation prefix to
look in first.
]]

include(FindPackageHandleStandardArgs)

set(_caf_known core io)
if(NOT CAF_FIND_COMPONENTS)
  set(CAF_FIND_COMPONENTS core)
endif()
# Every component is built on core.
list(PREPEND CAF_FIND_COMPONENTS core)
list(REMOVE_DUPLICATES CAF_FIND_COMPONENTS)
set(CAF_FIND_REQUIRED_core ${CAF_FIND_REQUIRED})

find_path(CAF_INCLUDE_DIR NAMES caf/config.hpp)
mark_as_advanced(CAF_INCLUDE_DIR)

# -- version: "#define CAF_VERSION 1706" reads 0.17.6 --------------------------

unset(CAF_VERSION)
if(CAF_INCLUDE_DIR)
  # 0.18 and later write the number into a generated header.
  foreach(_caf_header caf/config.hpp caf/detail/build_config.hpp)
    if(NOT CAF_VERSION AND EXISTS "${CAF_INCLUDE_DIR}/${_caf_header}")
      file(STRINGS "${CAF_INCLUDE_DIR}/${_caf_header}" _caf_line
           REGEX "^#[ ]*define[ ]+CAF_VERSION[ ]+[0-9]+" LIMIT_COUNT 1)
      if(_caf_line MATCHES "CAF_VERSION[ ]+([0-9]+)")
        math(EXPR _caf_major "${CMAKE_MATCH_1} / 10000")
        math(EXPR _caf_minor "${CMAKE_MATCH_1} / 100 % 100")
        math(EXPR _caf_patch "${CMAKE_MATCH_1} % 100")
        set(CAF_VERSION "${_caf_major}.${_caf_minor}.${_caf_patch}")
      endif()
    endif()
  endforeach()
endif()

set(_caf_reason)
if(NOT CAF_INCLUDE_DIR)
  set(_caf_reason "CAF's headers were not found: install libcaf-dev, or set \
CAF_ROOT to the prefix of CAF 0.17.x.")
elseif(NOT CAF_VERSION MATCHES "^0\\.17\\.")
  set(_caf_reason "CAF 0.17.x is needed, but ${CAF_INCLUDE_DIR} has \
'${CAF_VERSION}', whose API differs (later versions have no groups): set \
CAF_ROOT to the prefix of CAF 0.17.x.")
endif()

# -- components ----------------------------------------------------------------

foreach(_caf_comp IN LISTS CAF_FIND_COMPONENTS)
  set(CAF_${_caf_comp}_FOUND FALSE)
  if(NOT _caf_comp IN_LIST _caf_known)
    set(_caf_reason "CAF has no component '${_caf_comp}': ask for core or io.")
    continue()
  endif()
  find_library(CAF_${_caf_comp}_LIBRARY NAMES caf_${_caf_comp})
  mark_as_advanced(CAF_${_caf_comp}_LIBRARY)
  if(CAF_${_caf_comp}_LIBRARY AND NOT _caf_reason)
    set(CAF_${_caf_comp}_FOUND TRUE)
  endif()
endforeach()

find_package_handle_standard_args(
  CAF
  REQUIRED_VARS CAF_core_LIBRARY CAF_INCLUDE_DIR
  VERSION_VAR CAF_VERSION
  HANDLE_COMPONENTS
  REASON_FAILURE_MESSAGE "${_caf_reason}")

if(CAF_FOUND)
  find_package(Threads REQUIRED)
  foreach(_caf_comp IN LISTS CAF_FIND_COMPONENTS)
    if(CAF_${_caf_comp}_FOUND AND NOT TARGET CAF::${_caf_comp})
      # Imported targets' headers are system headers: their warnings are not ours.
      add_library(CAF::${_caf_comp} UNKNOWN IMPORTED)
      set_target_properties(
        CAF::${_caf_comp}
        PROPERTIES IMPORTED_LOCATION "${CAF_${_caf_comp}_LIBRARY}"
                   INTERFACE_INCLUDE_DIRECTORIES "${CAF_INCLUDE_DIR}")
      if(_caf_comp STREQUAL "core")
        set_property(TARGET CAF::core PROPERTY INTERFACE_LINK_LIBRARIES
                                               Threads::Threads)
      else()
        set_property(TARGET CAF::${_caf_comp} PROPERTY INTERFACE_LINK_LIBRARIES
                                                       CAF::core)
      endif()
    endif()
  endforeach()
endif()
