# find_package(flamigo): flamigo::flamigo, flamigo::actors, flamigo::bridge,
# flamigo::testing; with COMPONENTS cluster, or OPTIONAL_COMPONENTS cluster, also
# flamigo::cluster, which needs the client of NATS (libnats-dev); and the functions of FlamigoTargets.cmake, such as
# flamigo_add_executable.

include(CMakeFindDependencyMacro)

list(PREPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}")
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_dependency(Threads)
find_dependency(CAF 0.17.6 COMPONENTS core io)
find_dependency(Boost 1.81 CONFIG COMPONENTS headers)
find_dependency(RapidJSON MODULE)
find_dependency(spdlog)
find_dependency(OpenSSL 3.0 COMPONENTS Crypto SSL)
list(POP_FRONT CMAKE_MODULE_PATH)

include("${CMAKE_CURRENT_LIST_DIR}/flamigo-targets.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/FlamigoTargets.cmake")

# Of a package of its own, which may not be there.
if("cluster" IN_LIST flamigo_FIND_COMPONENTS)
  set(flamigo_cluster_FOUND FALSE)
  set(_flamigo_lack "flamigo::cluster is not there: install flamigo-cluster")
  if(EXISTS "${CMAKE_CURRENT_LIST_DIR}/flamigo-cluster-targets.cmake")
    set(_flamigo_lack "flamigo::cluster needs the client of NATS: install libnats-dev")
    list(PREPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}")
    find_package(Nats QUIET MODULE)
    list(POP_FRONT CMAKE_MODULE_PATH)
    if(Nats_FOUND)
      include("${CMAKE_CURRENT_LIST_DIR}/flamigo-cluster-targets.cmake")
      set(flamigo_cluster_FOUND TRUE)
    endif()
  endif()
  if(flamigo_FIND_REQUIRED_cluster AND NOT flamigo_cluster_FOUND)
    set(flamigo_FOUND FALSE)
    set(flamigo_NOT_FOUND_MESSAGE "${_flamigo_lack}")
  endif()
endif()
