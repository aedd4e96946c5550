#include "flamigo/io/detail/io_thread.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <caf/actor_system.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include "flamigo/bus/detail/waiting.hpp"

namespace flamigo::detail {

namespace {

/// Messages that an actor handles before others have their turn.
constexpr std::size_t max_throughput = 100;

/// Rounds through the ready actors in one turn; actors that keep each other
/// busy must not keep the sockets waiting for ever.
constexpr int max_rounds = 16;

/// For whoever has had a share of a turn, while the others have enough to do.
constexpr std::chrono::milliseconds max_patience{1};

constexpr std::size_t receive_buffer_size = 65'536;

/// Of a message that is handed over at once; a larger one comes in pieces,
/// which its connection puts together.
constexpr std::size_t max_piece = 65'536;

constexpr std::size_t max_spare_outputs = 64;

constexpr std::size_t max_spare_capacity = 65'536;

/// CAF's queues hold a reference to what they queue.
void release(caf::resumable* what) {
  caf::intrusive_ptr_release(what);
}

} // namespace

io_thread::io_thread(caf::actor_system& system, std::chrono::nanoseconds tick,
                     std::size_t max_message_bytes)
  : home_unit(&system), timer_(context_), rest_timer_(context_), tick_(tick),
    receive_buffer_(receive_buffer_size),
    message_buffer_(std::min(max_message_bytes, max_piece)) {
  wait_for_sockets();
}

io_thread::~io_thread() {
  retire();
}

void io_thread::retire() {
  home_unit::retire();
  for (auto what : std::exchange(ready_, {}))
    system().scheduler().enqueue(what);
}

void io_thread::run() {
  // A handler that waited would hold up all connections of this thread.
  runs_actors();
  scope here{this};
  auto work = net::make_work_guard(context_);
  schedule_tick();
  context_.run();
}

void io_thread::count_in(metric_registry& where, std::size_t number) {
  metrics_ = &where;
  turns_ = &where.turns_of(number);
}

void io_thread::begin_counted() {
  if (meter() == nullptr)
    home_unit::count_in(&metrics_->here());
  turns_->begin(now_);
}

void io_thread::stop() {
  context_.stop();
}

// -- turns --------------------------------------------------------------------

void io_thread::exec_later(caf::resumable* what) {
  // As CAF's multiplexer does: what is not about I/O must not hold it up.
  if (what->subtype() != caf::resumable::io_actor) {
    if (is_here() && in_turn_)
      leaving_.push_back(what);
    else
      system().scheduler().enqueue(what);
    return;
  }
  if (!is_here())
    return put(what);
  ready_.push_back(what);
  request_turn();
}

void io_thread::wake() {
  net::post(context_, [this] { turn([] {}); });
}

void io_thread::request_turn() {
  if (in_turn_ || turn_requested_)
    return;
  turn_requested_ = true;
  net::post(context_, [this] {
    turn_requested_ = false;
    turn([] {});
  });
}

void io_thread::end_turn() {
  end_request();
  let_leave();
  flush_all();
  // Flushing may have ended connections, which others have to be told of.
  let_leave();
  in_turn_ = false;
  // It may have made actors of this thread ready as well.
  if (has_work())
    request_turn();
}

void io_thread::let_leave() {
  for (auto what : leaving_)
    system().scheduler().enqueue(what);
  leaving_.clear();
}

void io_thread::run_ready_actors() {
  for (int i = 0; i < max_rounds && has_work(); ++i) {
    // Of what comes meanwhile, the output leaves with the rest.
    settle_some(max_settled);
    running_.swap(ready_);
    for (auto what : running_) {
      switch (what->resume(this, max_throughput)) {
        case caf::resumable::resume_later:
          ready_.push_back(what);
          break;
        default:
          release(what);
      }
    }
    running_.clear();
  }
}

void io_thread::flush_later(std::shared_ptr<flushable> what) {
  dirty_.push_back(std::move(what));
  request_turn();
}

void io_thread::flush_first(std::shared_ptr<flushable> what) {
  // One that has asked much is told much in a row.
  if (dirty_first_.empty() || dirty_first_.back() != what)
    dirty_first_.push_back(std::move(what));
}

void io_thread::flush_all() {
  for (auto& what : dirty_first_)
    what->flush();
  dirty_first_.clear();
  // A flush may make others dirty; those are flushed as well.
  for (std::size_t i = 0; i < dirty_.size(); ++i) {
    auto what = std::move(dirty_[i]);
    what->flush();
  }
  dirty_.clear();
}

void io_thread::rest(std::chrono::nanoseconds at_most) {
  begin_rest();
  rest_timer_.expires_after(at_most);
  rest_timer_.async_wait([this](error_code ec) {
    if (ec)
      return;
    end_rest();
    if (has_unsettled())
      turn([] {});
  });
}

// -- those who wait for the others --------------------------------------------

void io_thread::when_idle(std::shared_ptr<patient> what) {
  if (patients_.empty())
    patient_since_ = now_;
  patients_.push_back(std::move(what));
  request_idle_turn();
}

void io_thread::request_idle_turn() {
  if (std::exchange(idle_turn_requested_, true))
    return;
  net::post(context_, [this] {
    idle_turn_requested_ = false;
    turn([this] {
      if (sockets_.dispatch() == 0 || now_ - patient_since_ >= max_patience)
        go_on();
    });
    if (!patients_.empty())
      request_idle_turn();
  });
}

void io_thread::go_on() {
  for (auto& what : std::exchange(patients_, {}))
    what->go_on();
  patient_since_ = now_;
}

// -- time ---------------------------------------------------------------------

void io_thread::wait_for_sockets() {
  sockets_.async_wait([this](error_code ec) {
    if (ec)
      return;
    turn([this] { sockets_.dispatch(); });
    wait_for_sockets();
  });
}

void io_thread::schedule_tick() {
  timer_.expires_after(tick_);
  timer_.async_wait([this](error_code ec) {
    if (ec)
      return;
    tick(std::chrono::steady_clock::now());
    schedule_tick();
  });
}

void io_thread::tick(resident::time_point now) {
  turn([&] {
    now_ = std::max(now_, now);
    for_each([this](resident& what) { what.tick(now_); });
  });
}

void io_thread::add(resident& what) {
  what.index_ = residents_.size();
  residents_.push_back(&what);
}

void io_thread::remove(resident& what) {
  residents_[what.index_] = residents_.back();
  residents_[what.index_]->index_ = what.index_;
  residents_.pop_back();
}

// -- memory that connections borrow -------------------------------------------

std::string io_thread::borrow_output() {
  if (spare_outputs_.empty())
    return {};
  auto result = std::move(spare_outputs_.back());
  spare_outputs_.pop_back();
  return result;
}

void io_thread::give_back_output(std::string buffer) {
  if (spare_outputs_.size() < max_spare_outputs
      && buffer.capacity() <= max_spare_capacity) {
    buffer.clear();
    spare_outputs_.push_back(std::move(buffer));
  }
}

} // namespace flamigo::detail
