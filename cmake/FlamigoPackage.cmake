# Installs what a user's project needs: the CMake package, our find modules and
# functions included, pkg-config files, the pages, the examples and client.js.
# `cpack -G DEB` makes Debian packages of it, one of each component: flamigo, and
# flamigo-cluster, which alone needs the client of NATS.

include_guard(GLOBAL)
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

# -- headers ------------------------------------------------------------------

set(_flamigo_components flamigo)
if(TARGET flamigo_cluster)
  list(APPEND _flamigo_components flamigo-cluster)
endif()
foreach(component IN LISTS _flamigo_components)
  get_property(roots GLOBAL PROPERTY ${component}_roots)
  install(CODE "set(flamigo_roots \"${roots}\")
set(flamigo_destination
    \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_INCLUDEDIR}\")"
          COMPONENT ${component})
  install(SCRIPT "${CMAKE_CURRENT_LIST_DIR}/FlamigoInstallHeaders.cmake"
          COMPONENT ${component})
endforeach()

# -- CMake --------------------------------------------------------------------

set(_flamigo_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/flamigo)
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/flamigoConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/flamigoConfigVersion.cmake"
              "${CMAKE_CURRENT_LIST_DIR}/flamigoConfig.cmake"
              "${CMAKE_CURRENT_LIST_DIR}/FlamigoTargets.cmake"
              "${CMAKE_CURRENT_LIST_DIR}/FindCAF.cmake"
              "${CMAKE_CURRENT_LIST_DIR}/FindRapidJSON.cmake"
        DESTINATION ${_flamigo_package_dir})
foreach(component IN LISTS _flamigo_components)
  install(EXPORT ${component} NAMESPACE flamigo:: FILE ${component}-targets.cmake
          DESTINATION ${_flamigo_package_dir} COMPONENT ${component})
endforeach()
if(TARGET flamigo_cluster)
  install(FILES "${CMAKE_CURRENT_LIST_DIR}/FindNats.cmake"
          DESTINATION ${_flamigo_package_dir} COMPONENT flamigo-cluster)
endif()

# -- pkg-config ---------------------------------------------------------------

# The file says where it lies itself, so that the tree can be moved.
set(_flamigo_pc_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH FLAMIGO_PC_UP "/${_flamigo_pc_dir}" "/")
string(REGEX REPLACE "/$" "" FLAMIGO_PC_UP "${FLAMIGO_PC_UP}")
foreach(component IN LISTS _flamigo_components)
  configure_file("${CMAKE_CURRENT_LIST_DIR}/${component}.pc.in"
                 "${PROJECT_BINARY_DIR}/${component}.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/${component}.pc"
          DESTINATION ${_flamigo_pc_dir} COMPONENT ${component})
endforeach()

# -- what is read, copied and served --------------------------------------------

# As in the repository, so that the links between pages lead somewhere.
install(FILES README.md CHANGELOG.md CONTRIBUTING.md LICENSE
        DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs examples deploy DESTINATION ${CMAKE_INSTALL_DOCDIR}
        PATTERN Doxyfile EXCLUDE
        PATTERN build EXCLUDE)
# The client, for programs that serve it.
install(FILES examples/chat/web/client.js
        DESTINATION ${CMAKE_INSTALL_DATADIR}/flamigo)

# -- Debian packages ----------------------------------------------------------

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME flamigo)
set(CPACK_PACKAGE_CONTACT "The Flamigo developers <flamigo@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL ${_flamigo_components})
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_FLAMIGO_PACKAGE_NAME flamigo)
# The libraries are static: what they stand on is needed to build with them. The
# tool needs the compiler's runtime only.
set(CPACK_DEBIAN_FLAMIGO_PACKAGE_DEPENDS
    "libc6, libstdc++6, libcaf-dev (>= 0.17.6), libcaf-dev (<< 0.18), \
libboost-dev (>= 1.81) | libboost1.81-dev | libboost1.83-dev, rapidjson-dev, \
libspdlog-dev, libssl-dev (>= 3.0)")
set(CPACK_DEBIAN_FLAMIGO_PACKAGE_RECOMMENDS
    "g++, cmake (>= 3.25), ninja-build, catch2 (>= 3)")
# For several nodes; for pages.
set(CPACK_DEBIAN_FLAMIGO_PACKAGE_SUGGESTS "flamigo-cluster, nodejs (>= 20.19), npm")
set(CPACK_DEBIAN_FLAMIGO-CLUSTER_PACKAGE_NAME flamigo-cluster)
set(CPACK_DEBIAN_FLAMIGO-CLUSTER_PACKAGE_DEPENDS
    "flamigo (= ${PROJECT_VERSION}), libnats-dev")
set(CPACK_DEBIAN_FLAMIGO-CLUSTER_PACKAGE_SUGGESTS nats-server)
set(CPACK_COMPONENT_FLAMIGO-CLUSTER_DESCRIPTION
    "Programs on Flamigo that are one system by NATS")
include(CPack)
