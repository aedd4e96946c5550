# find_package(flamigo): flamigo::flamigo, flamigo::actors, flamigo::bridge,
# flamigo::testing; with COMPONENTS cluster also flamigo::cluster, which needs the
# client of NATS (libnats-dev); and the functions of FlamigoTargets.cmake, such as
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
if("cluster" IN_LIST flamigo_FIND_COMPONENTS)
  find_dependency(Nats MODULE)
endif()
list(POP_FRONT CMAKE_MODULE_PATH)

include("${CMAKE_CURRENT_LIST_DIR}/flamigo-targets.cmake")
if("cluster" IN_LIST flamigo_FIND_COMPONENTS)
  include("${CMAKE_CURRENT_LIST_DIR}/flamigo-cluster-targets.cmake")
endif()
include("${CMAKE_CURRENT_LIST_DIR}/FlamigoTargets.cmake")
