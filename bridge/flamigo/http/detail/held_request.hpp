#pragma once

#include <memory>
#include <string>

#include <caf/expected.hpp>

#include "flamigo/http/http.hpp"

namespace flamigo::detail {

class io_thread;

/// A request whose response comes later: what its session has in common with
/// whoever answers it, who derives from this.
///
/// For the thread of the session, except for `answer_from_anywhere`.
class held_request : public std::enable_shared_from_this<held_request> {
public:
  /// Whose client waits.
  class owner {
  public:
    /// Called once, unless it has left.
    virtual void answered(caf::expected<http_response> what) = 0;

  protected:
    ~owner() = default;
  };

  /// The owner is there until it leaves. The thread is its own; the name, such
  /// as `POST /orders`, is for the log.
  held_request(owner& waiting, io_thread& thread, std::string called);

  held_request(const held_request&) = delete;

  held_request& operator=(const held_request&) = delete;

  virtual ~held_request();

  /// Whether somebody waits for the response.
  bool is_awaited() const noexcept {
    return owner_ != nullptr;
  }

  /// Does nothing when it was answered, or nobody waits any more.
  void answer(caf::expected<http_response> what);

  /// The same on any thread: at once on that of the session, else in its next
  /// turn. Nothing is lost unsaid: who has gone by then has `abandoned` called.
  void answer_from_anywhere(http_response what);

  /// The client has gone, and with it what it may have been answered.
  void leave();

  /// It is too late for any other answer than that it is.
  void expire();

  /// As a strategy's name: `POST /orders`.
  const std::string name;

  /// Whether the client has to come again, also to a server that drains: its
  /// connection stays open then, since it gets no other one. To be said before
  /// it is answered.
  bool goes_on = false;

private:
  /// Nobody gets the answer, whether there was one or not. In a turn.
  virtual void abandoned() = 0;

  owner* owner_;
  io_thread& thread_;
};

} // namespace flamigo::detail
