#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include <caf/actor.hpp>

#include "flamigo/context/services.hpp"
#include "flamigo/http/detail/held_task.hpp"
#include "flamigo/http/detail/http_route.hpp"
#include "flamigo/io/detail/io_thread.hpp"

namespace flamigo::detail {

/// Runs the handlers of one I/O thread that are coroutines: in an actor of that
/// thread, which is there from the first such request on. For that thread
/// alone; all arguments must outlive the last actor of the system.
class request_runner {
public:
  /// Is told of each error that a client is told.
  using failure_hook = std::function<void(const claims&, const caf::error&)>;

  request_runner(const services& application, io_thread& thread,
                 failure_hook on_failure = {});

  request_runner(const request_runner&) = delete;

  request_runner& operator=(const request_runner&) = delete;

  /// Ends.
  ~request_runner();

  /// How long a handler may take.
  caf::timespan limit() const noexcept {
    return services_.request_timeout;
  }

  /// The step of a trace that a request is, whose header says this of it; null
  /// if it is of none.
  span_ptr begin_step(const http_route& where, std::string_view method,
                      std::string_view traceparent) const;

  /// Begins to answer this request. It may have been answered when this
  /// returns.
  void begin(std::shared_ptr<held_task> what);

  /// Nobody waits for what this call is for any more: what it waits for ends
  /// with 499.
  void stop(const std::shared_ptr<call_state>& what);

  /// The client of this request has room for more of its response.
  void relieve(std::shared_ptr<held_task> what);

  /// The client of this request is told this.
  void failed(const held_task& what, const caf::error& why) const;

  /// Ends the actor, and with it what it is at.
  void end() noexcept;

private:
  const services& services_;
  io_thread& thread_;
  failure_hook on_failure_;
  caf::actor actor_;
};

} // namespace flamigo::detail
