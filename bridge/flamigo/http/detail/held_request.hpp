#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <caf/expected.hpp>

#include "flamigo/http/http.hpp"
#include "flamigo/io/detail/resident.hpp"
#include "flamigo/tracing/detail/span.hpp"

namespace flamigo::detail {

class io_thread;

/// A request whose response comes later: what its session has in common with
/// whoever answers it, who derives from this.
///
/// For the thread of the session, except for `answer_from_anywhere`.
class held_request : public std::enable_shared_from_this<held_request> {
public:
  /// Of a body in pieces, in bytes, where that is known from the start.
  using body_length = std::optional<std::uint64_t>;

  /// Whose client waits.
  class owner {
  public:
    /// Called once, unless it has left.
    virtual void answered(caf::expected<http_response> what) = 0;

    // The same in pieces, as of a `held_request`; of these `finished` is the
    // last.

    virtual bool began(http_response head, body_length length) = 0;

    virtual bool came(std::string_view piece) = 0;

    virtual bool has_room(std::size_t bytes) = 0;

    virtual void hurry() = 0;

    virtual void finished(bool whole) = 0;

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

  // -- a body in pieces -------------------------------------------------------

  /// Begins a response whose body comes in pieces, instead of an answer. False
  /// if that cannot be sent, or nobody waits any more: there is nothing more to
  /// do then.
  /// With a length, its pieces have as many bytes together.
  bool begin(http_response head, body_length length = std::nullopt);

  /// Sends a piece of the body at the end of this turn. False if more waits for
  /// the client than may, which does not take it: to be broken off, not from
  /// within a call of its session.
  bool put(std::string_view piece);

  /// Whether so much more may wait of what can wait itself. If not, `relieved`
  /// is called, once, when it may.
  bool has_room(std::size_t bytes);

  /// The client waits for what was put: it leaves ahead of what others only
  /// hear of.
  void hurry();

  /// The body is whole. Does nothing when it has ended, or nobody waits.
  void finish();

  /// The body will never be whole, which the client is to notice: its
  /// connection ends behind what was put.
  void break_off();

  // -- for the session --------------------------------------------------------

  /// There is room again. Not from within a call of this.
  virtual void relieved();

  /// So many bytes of it wait for the socket now, where there were more or less
  /// before. Nothing by default.
  virtual void waits(std::size_t bytes) noexcept;

  /// As of a resident. Nothing by default.
  virtual void tick(resident::time_point now);

  /// The server is going down. Nothing by default: what was begun is finished.
  virtual void drain();

  /// The client is told this error. Nothing by default.
  virtual void failed(const caf::error& why);

  /// The client has gone, and with it what it may have been answered.
  void leave();

  /// It is too late for any other answer than that it is.
  void expire();

  /// As a strategy's name: `POST /orders`.
  const std::string name;

  /// The step of a trace that it is; null as a rule. To be said before it
  /// begins.
  span_ptr span;

  /// Whether the client has to come again, also to a server that drains: its
  /// connection stays open then, since it gets no other one. To be said before
  /// it is answered.
  bool goes_on = false;

protected:
  io_thread& thread() const noexcept {
    return thread_;
  }

private:
  /// Nobody gets the answer, whether there was one or not. In a turn.
  virtual void abandoned() = 0;

  /// Ends the step.
  void end_step(unsigned status) noexcept;

  owner* owner_;
  io_thread& thread_;
  bool begun_ = false;
  /// Of a response in pieces, once that has begun.
  unsigned status_ = 0;
};

} // namespace flamigo::detail
