#include "flamigo/cluster/detail/node_relay.hpp"

#include <algorithm>
#include <utility>

#include <caf/actor_config.hpp>
#include <caf/send.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

namespace {

/// It becomes a part of a subject of NATS, which nobody else looks at.
bool is_node_id(std::string_view text) {
  auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
  };
  return !text.empty() && text.size() <= 64
         && std::all_of(text.begin(), text.end(), is_plain);
}

peer& deref(const caf::actor& what) {
  return *static_cast<peer*>(caf::actor_cast<caf::abstract_actor*>(what));
}

} // namespace

node_relay::node_relay(const bus& events, home_unit& home,
                       node_transport& transport, node_relay_options options)
  : bus_(events), transport_(transport), options_(std::move(options)),
    out_(transport, options_.id), around_{home,
                                          out_,
                                          elsewhere_,
                                          options_.people,
                                          options_.ask,
                                          options_.services,
                                          options_.max_wishes} {
  status_.id = options_.id;
}

node_relay::~node_relay() = default;

void node_relay::start(time_point now) {
  now_ = now;
  running_ = true;
  // It may have been woken for this before.
  work();
  transport_.start(options_.id, *this);
}

void node_relay::stop() {
  has_ended_ = true;
  if (!std::exchange(running_, false))
    return;
  say_hello(true);
  transport_.stop();
  if (options_.people != nullptr)
    options_.people->leave();
  {
    std::lock_guard guard{mtx_};
    nodes_.clear();
  }
  for (auto& [id, who] : std::exchange(peers_, {})) {
    deref(who).leave();
    caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
  }
  elsewhere_.close();
  questions_.clear();
}

// -- the nodes ----------------------------------------------------------------

peer* node_relay::find(const std::string& id) {
  auto i = peers_.find(id);
  return i != peers_.end() ? &deref(i->second) : nullptr;
}

peer& node_relay::meet(const std::string& id) {
  caf::actor_config cfg{&around_.home};
  constexpr auto how = caf::hidden + caf::lazy_init;
  auto made = bus_.system().spawn_impl<peer, how>(cfg, around_, id, ++streams_);
  auto& result = deref(peers_.emplace(id, std::move(made)).first->second);
  result.title = id;
  result.asked = now_;
  if (auto title = departed_.back(id)) {
    result.gap.was_away = true;
    result.title = std::move(*title);
    log::info("cluster: node " + log::escape(result.title) + " is there again");
  }
  {
    std::lock_guard guard{mtx_};
    nodes_.emplace(id, result.ctrl());
  }
  hello_is_due_ = true;
  list_all(result);
  return result;
}

void node_relay::part(const std::string& id, log::level level,
                      const std::string& why) {
  auto node = peers_.extract(id);
  auto& who = deref(node.mapped());
  log::write(level, "cluster: node " + log::escape(who.title) + " " + why);
  {
    std::lock_guard guard{mtx_};
    nodes_.erase(id);
  }
  who.leave();
  auto last = who.status();
  departed_sums_.dropped += last.dropped;
  departed_sums_.lost += last.lost;
  caf::anon_send_exit(node.mapped(), caf::exit_reason::user_shutdown);
  answer_questions();
  note_readers();
}

void node_relay::give_up(peer& who) {
  who.arrivals.give_up();
  look_for_gaps(who);
  departed_.gave_up(who.node_id(), who.title,
                    who.gap || who.heard <= disconnected_at_);
  part(who.node_id(), log::level::warning,
       "has not been heard for " + std::to_string(options_.gone_after.count())
         + " ms");
}

/// Those who were only out of reach would be back by now.
void node_relay::tell_of_absent() {
  if (!is_connected_ || now_ - connected_at_ < options_.gone_after)
    return;
  for (auto& title : departed_.take_missed())
    tell_gap(title, std::nullopt);
}

void node_relay::tick(time_point now) {
  now_ = now;
  if (!running_)
    return;
  std::vector<peer*> gone;
  for (auto& [id, who] : peers_)
    if (now - deref(who).heard >= options_.gone_after)
      gone.push_back(&deref(who));
  for (auto* who : gone)
    give_up(*who);
  tell_of_absent();
  if (hello_is_due_ || now - said_hello_ >= options_.heartbeat)
    say_hello();
  for (auto& [id, who] : peers_) {
    auto& x = deref(who);
    x.answers.expire(x.clock().now());
    if (!x.in_step() && now - x.asked >= options_.heartbeat)
      ask_for_lists(x);
    if (!x.gap.was_away || x.known_version >= here_.version())
      tell_gap(x);
  }
  note_status();
}

void node_relay::say_hello(bool bye) {
  said_hello_ = now_;
  hello_is_due_ = false;
  node_frame what;
  auto& hello = what.hello.emplace();
  hello.name = options_.name;
  hello.bye = bye;
  if (options_.connections)
    hello.connections = options_.connections();
  if (options_.domains)
    hello.domains = options_.domains();
  hello.journal = reads_journal();
  for (auto& [id, who] : peers_) {
    hello.sent = deref(who).sent();
    out_.send(id, what);
  }
  hello.sent.reset();
  if (!bye)
    out_.send_all(std::move(what));
}

caf::strong_actor_ptr node_relay::find_node(const std::string& id) const {
  std::lock_guard guard{mtx_};
  auto i = nodes_.find(id);
  return i != nodes_.end() ? i->second : nullptr;
}

// -- wishes and members -------------------------------------------------------

void node_relay::wanted(std::string_view pattern) {
  if (!has_ended_ && here_.put(std::string{pattern}))
    options_.wake();
}

void node_relay::unwanted(std::string_view pattern) noexcept {
  // Else more comes than is wanted, and is told to nobody.
  guarded_or_logged(
    [&] {
      if (!has_ended_ && here_.erase(pattern))
        options_.wake();
    },
    [] { return "cluster: a topic stays wanted"; });
}

void node_relay::work() {
  if (!running_)
    return;
  std::vector<std::function<void()>> asked;
  {
    std::lock_guard guard{mtx_};
    asked.swap(asked_);
  }
  send_to_all(here_.take(), &node_frame::wishes);
  if (options_.people != nullptr)
    send_to_all(options_.people->mine().take(), &node_frame::members);
  for (auto& then : asked)
    questions_.push_back({here_.version(), std::move(then)});
  answer_questions();
}

template <class Note>
void node_relay::send(peer& to, const Note& note,
                      std::optional<Note> node_frame::*part) {
  node_frame what;
  what.*part = note;
  to.send(std::move(what));
}

template <class Note>
void node_relay::send_to_all(const std::vector<Note>& notes,
                             std::optional<Note> node_frame::*part) {
  for (auto& note : notes)
    for (auto& [id, who] : peers_)
      send(deref(who), note, part);
}

void node_relay::list_all(peer& to) {
  for (auto& note : here_.all())
    send(to, note, &node_frame::wishes);
  if (options_.people == nullptr)
    return;
  for (auto& note : options_.people->mine().all())
    send(to, note, &node_frame::members);
}

void node_relay::confirm(std::function<void()> then) {
  {
    std::lock_guard guard{mtx_};
    asked_.push_back(std::move(then));
  }
  options_.wake();
}

void node_relay::answer_questions() {
  auto known = here_.version();
  for (auto& [id, who] : peers_)
    known = std::min(known, deref(who).known_version);
  auto later
    = std::partition(questions_.begin(), questions_.end(),
                     [known](const question& x) { return x.version > known; });
  std::vector<question> answered{std::make_move_iterator(later),
                                 std::make_move_iterator(questions_.end())};
  questions_.erase(later, questions_.end());
  for (auto& x : answered)
    guarded_or_logged(x.then, [] { return "cluster_node::confirm"; });
}

// -- events -------------------------------------------------------------------

void node_relay::relay(const event_ptr& what) noexcept {
  // What has a place in a history came by the journal to who reads that.
  if (what->kind().stays
      || (all_read_journal_.load(std::memory_order_relaxed)
          && !what->places().empty()))
    return;
  guarded_or_logged(
    [&] {
      if (auto all = elsewhere_.match(what->topics()))
        all->tell(what, nullptr);
    },
    [] { return "cluster: an event goes to no other node"; });
}

std::vector<caf::strong_actor_ptr>
node_relay::subscribers(std::span<const topic> topics) const {
  std::vector<caf::strong_actor_ptr> result;
  if (auto all = elsewhere_.match(topics))
    all->for_each([&](auto& who) { result.push_back(who); });
  return result;
}

bool node_relay::reads_journal() const {
  return options_.reads_journal && options_.reads_journal();
}

void node_relay::note_readers() {
  all_read_journal_ = std::all_of(peers_.begin(), peers_.end(), [](auto& x) {
    return deref(x.second).reads_journal;
  });
}

// -- what comes ---------------------------------------------------------------

void node_relay::connected() {
  log::info("cluster: connected to NATS");
  {
    std::lock_guard guard{mtx_};
    if (std::exchange(was_connected_, true))
      ++status_.reconnects;
    status_.connected = true;
    status_.reason.clear();
  }
  is_connected_ = true;
  connected_at_ = now_;
  say_hello();
}

void node_relay::disconnected(std::string why) {
  log::warn("cluster: no connection to NATS: " + log::escape(why));
  is_connected_ = false;
  disconnected_at_ = now_;
  std::lock_guard guard{mtx_};
  status_.connected = false;
  status_.reason = std::move(why);
}

void node_relay::received(std::string_view frame) {
  node_frame what;
  if (auto err = from_json(frame, what)) {
    log::error("cluster: a frame that is none: " + trace_of(err));
    return;
  }
  if (what.from == options_.id)
    return;
  if (!is_node_id(what.from)) {
    log::error("cluster: a frame of \"" + log::escape(what.from)
               + "\", which is no node");
    return;
  }
  if (what.flamigo != node_frame::current_version) {
    log::error("cluster: node " + log::escape(what.from) + " speaks version "
               + std::to_string(what.flamigo) + ", this one "
               + std::to_string(node_frame::current_version));
    return;
  }
  take(std::move(what));
}

void node_relay::take(node_frame&& what) {
  auto* from = find(what.from);
  if (from == nullptr && departed_.has_left(what.from))
    return;
  auto is_bye = what.hello && what.hello->bye;
  if (from == nullptr && is_bye)
    return departed_.left_unheard(what.from);
  if (from == nullptr && peers_.size() == max_peers) {
    log::error("cluster: node " + what.from + " is one too many");
    return;
  }
  if (from == nullptr)
    from = &meet(what.from);
  from->heard = now_;
  if (is_bye)
    return take_leave(*from, *what.hello);
  if (what.hello)
    return take_hello(*from, std::move(*what.hello));
  if (!from->arrivals.accept(what.stream, what.seq))
    return;
  ++from->received;
  look_for_gaps(*from);
  take_lists(*from, std::move(what));
  take_questions(*from, std::move(what));
  if (what.event && !(what.journaled.value_or(false) && reads_journal()))
    take_event(*from, std::move(*what.event), what.handled);
}

void node_relay::take_event(peer& from, event_note&& what,
                            std::optional<std::uint64_t> number) {
  auto made = events_.make(std::move(what));
  if (!made)
    log::error("cluster: " + trace_of(made.error()));
  if (number)
    from.questions.handle(*number, made, bus_);
  else if (made)
    bus_.deliver(*made, nullptr);
}

void node_relay::take_leave(peer& from, const hello_note& what) {
  // There is no second word about it.
  for (auto i = 0; i < 2 && what.sent; ++i)
    from.arrivals.claim(what.sent->stream, what.sent->seq);
  look_for_gaps(from);
  tell_gap(from);
  departed_.left(from.node_id());
  part(from.node_id(), log::level::info, "has left");
}

void node_relay::take_lists(peer& from, node_frame&& what) {
  if (what.wishes)
    take_wishes(from, std::move(*what.wishes));
  if (what.members && !from.take_members(std::move(*what.members)))
    log::error("cluster: node " + log::escape(from.title)
               + " has a member that is none");
  if (what.known) {
    from.known_version = std::max(from.known_version, *what.known);
    answer_questions();
  }
  if (what.resync.value_or(false))
    list_all(from);
}

void node_relay::take_questions(peer& from, node_frame&& what) {
  if (what.question)
    from.questions.asked(std::move(*what.question));
  if (what.call)
    from.calls.called(std::move(*what.call));
  if (what.answer)
    from.answers.answered(std::move(*what.answer));
  if (what.withdrawn)
    from.answers.withdrawn(*what.withdrawn);
}

void node_relay::take_wishes(peer& from, wish_note&& what) {
  auto version = what.version;
  if (!from.take_wishes(std::move(what)))
    log::error("cluster: node " + log::escape(from.title)
               + " wants a topic that is none, or is one too many");
  // Not of one whose wishes are partly missing.
  if (!from.knows_wishes())
    return;
  node_frame answer;
  answer.known = version;
  from.send(std::move(answer));
}

void node_relay::take_hello(peer& from, hello_note&& what) {
  if (from.title != what.name) {
    if (from.title == from.node_id())
      log::info("cluster: node " + log::escape(what.name) + " is there");
    from.title = std::move(what.name);
  }
  from.connections = what.connections.value_or(0);
  if (what.domains)
    from.domains = std::move(*what.domains);
  from.reads_journal = what.journal.value_or(false);
  note_readers();
  if (what.sent)
    from.arrivals.claim(what.sent->stream, what.sent->seq);
  look_for_gaps(from);
}

void node_relay::look_for_gaps(peer& from) {
  auto gap = from.arrivals.take_gap();
  if (!gap)
    return;
  from.lost += gap.frames;
  from.gap.frames += gap.frames;
  // Some of it may have been wishes and members.
  from.miss();
  if (!gap.was_away)
    return;
  // It has forgotten what is wanted here, and sends nothing until it knows.
  from.gap.was_away = true;
  from.known_version = 0;
  list_all(from);
  ask_for_lists(from);
}

void node_relay::ask_for_lists(peer& from) {
  from.asked = now_;
  node_frame what;
  what.resync = true;
  from.send(std::move(what));
}

void node_relay::tell_gap(peer& from) {
  auto gap = std::exchange(from.gap, {});
  if (!gap)
    return;
  tell_gap(from.title, gap.was_away ? std::nullopt : std::optional{gap.frames});
}

void node_relay::tell_gap(const std::string& node,
                          std::optional<std::uint64_t> count) {
  log::warn("cluster: "
            + (count ? std::to_string(*count) + " messages"
                     : std::string{"an unknown number of messages"})
            + " of node " + log::escape(node) + " were lost");
  ++gaps_;
  options_.on_gap(node, count);
}

// -- status -------------------------------------------------------------------

void node_relay::note_status() {
  std::vector<cluster_peer> all;
  all.reserve(peers_.size());
  auto sum = departed_sums_;
  for (auto& [id, who] : peers_) {
    auto& x = all.emplace_back(deref(who).status());
    sum.dropped += x.dropped;
    sum.lost += x.lost;
  }
  std::lock_guard guard{mtx_};
  status_.dropped = sum.dropped;
  status_.lost = sum.lost;
  status_.gaps = gaps_;
  status_.wishes = here_.size();
  status_.unknown_types = events_.unknown();
  status_.peers = std::move(all);
}

cluster_status node_relay::status() const {
  std::lock_guard guard{mtx_};
  return status_;
}

} // namespace flamigo::detail
