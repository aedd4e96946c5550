#[[
Finds NATS's client for C. Its own package file cannot be used: Debian's refers to
a static library that is not there, which is an error even for who asks quietly.

  find_package(Nats)

Defines Nats_FOUND and the imported target Nats::Nats.
]]

include(FindPackageHandleStandardArgs)

find_path(Nats_INCLUDE_DIR NAMES nats/nats.h)
find_library(Nats_LIBRARY NAMES nats)
mark_as_advanced(Nats_INCLUDE_DIR Nats_LIBRARY)

find_package_handle_standard_args(
  Nats
  REQUIRED_VARS Nats_LIBRARY Nats_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "Install libnats-dev, or set Nats_ROOT.")

if(Nats_FOUND AND NOT TARGET Nats::Nats)
  add_library(Nats::Nats UNKNOWN IMPORTED)
  set_target_properties(
    Nats::Nats PROPERTIES IMPORTED_LOCATION "${Nats_LIBRARY}"
                          INTERFACE_INCLUDE_DIRECTORIES "${Nats_INCLUDE_DIR}")
endif()
