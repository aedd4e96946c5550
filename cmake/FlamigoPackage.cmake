# Installs what `find_package(flamigo)` needs, our find modules included.

include_guard(GLOBAL)
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(_flamigo_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/flamigo)
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/flamigoConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/flamigoConfigVersion.cmake"
              "${CMAKE_CURRENT_LIST_DIR}/flamigoConfig.cmake"
              "${CMAKE_CURRENT_LIST_DIR}/FindCAF.cmake"
              "${CMAKE_CURRENT_LIST_DIR}/FindRapidJSON.cmake"
        DESTINATION ${_flamigo_package_dir})
install(EXPORT flamigo NAMESPACE flamigo:: FILE flamigoTargets.cmake
        DESTINATION ${_flamigo_package_dir})
