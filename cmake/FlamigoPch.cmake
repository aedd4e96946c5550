# The heavy, stable third-party headers, compiled once for all targets that use
# them: flamigo_add_*(... PCH_FROM flamigo_pch). Ours are not among them: an edit
# of one would then compile everything again. FLAMIGO_PCH=OFF shows whether
# every file includes what it needs.

include_guard(GLOBAL)

# flamigo_add_pch(NAME HEADERS ... DEPENDS ...)
function(flamigo_add_pch name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HEADERS;DEPENDS")
  if(NOT FLAMIGO_PCH)
    return()
  endif()
  set(source "${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp")
  file(CONFIGURE OUTPUT "${source}" CONTENT "")
  add_library(${name} OBJECT "${source}")
  _flamigo_common(${name})
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS})
  target_precompile_headers(${name} PRIVATE ${arg_HEADERS})
endfunction()

# RapidJSON and spdlog are not here: RapidJSON is included in a namespace of its
# own, spdlog by the files of the log only.
set(_flamigo_headers
    <algorithm>
    <atomic>
    <charconv>
    <chrono>
    <deque>
    <functional>
    <map>
    <memory>
    <mutex>
    <optional>
    <span>
    <sstream>
    <string>
    <string_view>
    <thread>
    <unordered_map>
    <variant>
    <vector>
    <boost/describe.hpp>
    <caf/actor_system.hpp>
    <caf/actor_system_config.hpp>
    <caf/event_based_actor.hpp>
    <caf/response_promise.hpp>
    <caf/scoped_actor.hpp>
    <caf/send.hpp>
    <caf/stateful_actor.hpp>)
# As the users have them: the definitions have to be the same.
set(_flamigo_depends CAF::core Boost::headers RapidJSON::RapidJSON
                     spdlog::spdlog)

flamigo_add_pch(flamigo_pch HEADERS ${_flamigo_headers}
                DEPENDS ${_flamigo_depends})
flamigo_add_pch(
  flamigo_bridge_pch
  HEADERS ${_flamigo_headers} <boost/asio/io_context.hpp>
          <boost/asio/ip/tcp.hpp> <boost/asio/steady_timer.hpp>
          <boost/beast/core.hpp> <boost/beast/http.hpp>
          <boost/beast/websocket.hpp>
  DEPENDS ${_flamigo_depends} CAF::io)
if(FLAMIGO_BUILD_TESTS)
  flamigo_add_pch(
    flamigo_test_pch
    HEADERS ${_flamigo_headers} <caf/scheduler/test_coordinator.hpp>
            <catch2/catch_test_macros.hpp>
            <catch2/matchers/catch_matchers_string.hpp>
    DEPENDS ${_flamigo_depends} Catch2::Catch2)
endif()
