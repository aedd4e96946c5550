#include "flamigo/channel/detail/history_stage.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "flamigo/error/error.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

namespace {

/// One event on its way into its histories, and from there to who hears of it.
class passing_event final : public history_append {
public:
  passing_event(event_ptr what, caf::execution_unit* unit,
                event_stage::delivery then)
    : what_(std::move(what)), unit_(unit), then_(std::move(then)) {
  }

  std::string_view base() const noexcept override {
    std::string_view frame = what_->client_frame();
    frame.remove_suffix(1);
    return frame;
  }

  detail::bytes_finder bytes() const noexcept override {
    return what_->client_bytes();
  }

  void stored(caf::error why) override {
    auto in_call = caller_.load() == std::this_thread::get_id();
    if (why) {
      why = wrap(std::move(why), "keep an event in \""
                                   + std::string{targets.front().topic} + "\"");
      log::error(trace_of(why));
      if (in_call)
        failure_ = why;
    } else {
      what_->keep(places());
    }
    // The execution unit is that of the publisher's thread.
    then_(what_, std::move(why), in_call ? unit_ : nullptr);
  }

  /// The publisher goes on, on whose thread this was made. Returns what has
  /// failed by then.
  caf::error end_of_call() {
    auto result = std::move(failure_);
    caller_ = std::thread::id{};
    return result;
  }

private:
  std::vector<event::place> places() {
    std::vector<event::place> result;
    result.reserve(targets.size());
    for (auto& x : targets)
      result.push_back({x.topic, x.at, std::move(x.kept)});
    return result;
  }

  event_ptr what_;
  caf::execution_unit* unit_;
  event_stage::delivery then_;
  std::atomic<std::thread::id> caller_ = std::this_thread::get_id();
  /// Of the caller's thread.
  caf::error failure_;
};

} // namespace

bool history_stage::takes(const event& what) const {
  if (!what.is_for_clients())
    return false;
  auto& topics = what.topics();
  return std::any_of(topics.begin(), topics.end(), [this](auto& x) {
    auto found = channels_.find(x);
    return found != nullptr && found->history() != nullptr;
  });
}

caf::error history_stage::pass(const event_ptr& what, caf::execution_unit* unit,
                               delivery then) {
  // One that was published before has its places, which others read.
  auto mine = what->begin_keeping() ? what : event::again(what);
  if (mine != what)
    (void) mine->begin_keeping();
  auto passing = std::make_shared<passing_event>(mine, unit, std::move(then));
  auto& targets = passing->targets;
  for (auto& x : mine->topics()) {
    auto found = channels_.find(x);
    auto twice = [&x](auto& known) { return known.topic == x.text(); };
    if (found != nullptr && found->history() != nullptr
        && std::none_of(targets.begin(), targets.end(), twice))
      targets.push_back({x.text(), *found->history()});
  }
  if (targets.size() > event::max_places) {
    auto why = internal_error("an event can be in "
                              + std::to_string(event::max_places)
                              + " channels with a history at most, not in "
                              + std::to_string(targets.size()));
    passing->stored(std::move(why));
    return passing->end_of_call();
  }
  engine_.append(passing);
  return passing->end_of_call();
}

} // namespace flamigo::detail
