#include "flamigo/cluster/detail/journal_stage.hpp"

#include <algorithm>
#include <utility>

#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/history/detail/random_epoch.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

namespace {

using std::chrono::milliseconds;

/// When what was written is written again.
constexpr milliseconds first_retry{1'000};
constexpr milliseconds last_retry{8'000};

/// When nothing comes, not even a count.
constexpr milliseconds silence_limit{3'000};

/// As much as is read sooner than somebody has answered.
constexpr std::uint64_t soon_read = 10'000;

/// Besides the event.
constexpr std::size_t frame_bytes = 256;
constexpr std::size_t usual_max_bytes = 1'048'576;

caf::error unavailable(std::string why) {
  return make_error(errc::unavailable, "", std::move(why));
}

} // namespace

journal_stage::journal_stage(const bus& events, event_stage& local,
                             memory_history& kept, journal_transport& transport,
                             journal_options options)
  : bus_(events), local_(local), kept_(kept), transport_(transport),
    options_(std::move(options)), inquiry_(transport), retry_(first_retry),
    max_bytes_(usual_max_bytes) {
  kept_.hold();
  kept_.number_by(numbers_);
}

void journal_stage::start(time_point now) {
  now_ = heard_ = now;
  held_since_ = now;
  transport_.start(*this);
}

void journal_stage::stop() {
  work();
  has_ended_ = true;
  now_at_ = phase::closed;
  transport_.stop();
  auto why = unavailable("this node has left its cluster");
  own_.refuse(why);
  for (auto& x : own_.take_all())
    x.then(x.what, why, nullptr);
}

void journal_stage::tick(time_point now) {
  now_ = now;
  if (has_ended_)
    return;
  transport_.tick();
  if (held_since_ && !is_refusing_ && now_ - *held_since_ >= hold_limit) {
    is_refusing_ = true;
    kept_.refuse(
      unavailable("histories are not there yet: " + status().reason));
  }
  if (now_at_ == phase::closed)
    return;
  if (now_at_ == phase::asking) {
    if (!inquiry_.tick(now_))
      read_all();
    return;
  }
  if (now_ - heard_ >= silence_limit) {
    heard_ = now_;
    // What is read until it is answered may be later than the answer.
    least_last_ = state_.seq();
    return transport_.look();
  }
  if (now_at_ == phase::reading && state_.seq() >= facts_.last)
    end_reading();
  if (!may_write())
    return;
  if (own_.sent > 0 && now_ - progress_ >= retry_) {
    own_.sent = 0;
    retry_ = std::min(2 * retry_, last_retry);
  }
  write_own();
}

void journal_stage::work() {
  write_own();
}

// -- what is told -------------------------------------------------------------

journal_status journal_stage::status() const {
  journal_status result;
  result.waiting = own_.count();
  result.position = position_.load(std::memory_order_relaxed);
  std::lock_guard guard{mtx_};
  result.reason = reason_;
  return result;
}

void journal_stage::set_reason(std::string why, log::level level) {
  {
    std::lock_guard guard{mtx_};
    if (reason_ == why)
      return;
    reason_ = why;
  }
  if (why.empty())
    log::info("cluster: channels with history go on");
  else
    log::write(level,
               "cluster: channels with history wait: " + log::escape(why));
}

void journal_stage::hold() {
  if (held_since_)
    return;
  held_since_ = now_;
  kept_.hold();
}

// -- event_stage --------------------------------------------------------------

bool journal_stage::takes(const event& what) const {
  if (what.kind().stays && applying_.load(std::memory_order_relaxed) != &what)
    return false;
  return local_.takes(what);
}

caf::error journal_stage::pass(const event_ptr& what, caf::execution_unit* unit,
                               delivery then) {
  if (applying_.load(std::memory_order_relaxed) == what.get())
    return local_.pass(what, unit, std::move(then));
  auto first = false;
  auto why = guarded(
    [&]() -> caf::error {
      own_events::entry mine{what, then, {}};
      append_json(mine.text, note_of(*what));
      auto size = mine.text.size();
      if (size + frame_bytes > max_bytes_.load(std::memory_order_relaxed))
        return internal_error("it has " + std::to_string(size)
                              + " bytes on its way to other nodes, more than "
                                "the NATS server takes (max_payload)");
      return own_.add(std::move(mine), first);
    },
    [](caf::error thrown) { return thrown; });
  if (why) {
    why = wrap(std::move(why),
               "keep an event in \"" + what->topics().front().text() + "\"");
    then(what, why, unit);
    return why;
  }
  if (first)
    options_.wake();
  return {};
}

// -- the journal is there or not ----------------------------------------------

void journal_stage::opened(const journal_facts& what) {
  auto is_known = state_.is_known() && facts_.id == what.id
                  && what.last >= least_last_
                  && (now_at_ == phase::live || now_at_ == phase::closed);
  auto had_one = state_.is_known() && !held_since_;
  facts_ = what;
  heard_ = now_;
  max_bytes_ = what.max_bytes;
  own_.accept();
  own_.sent = 0;
  if (is_known) {
    now_at_ = phase::live;
    set_reason("");
    read_from(state_.seq() + 1);
    return write_own();
  }
  if (had_one)
    lose("the NATS server has another journal than before");
  find_state();
}

void journal_stage::closed(const std::string& why, bool refused) {
  set_reason(why);
  // What was not known whole is asked for again.
  if (now_at_ != phase::live && now_at_ != phase::closed)
    state_.clear(1);
  now_at_ = phase::closed;
  least_last_ = state_.seq();
  if (!refused)
    return;
  auto err = unavailable(why);
  own_.refuse(err);
  for (auto& x : own_.take_all())
    x.then(x.what, err, nullptr);
}

void journal_stage::lose(const std::string& why) {
  log::warn("cluster: " + why
            + ": subscribers of channels with history may have missed events");
  state_.clear(1);
  now_at_ = phase::closed;
  hold();
  options_.on_lost();
}

void journal_stage::find_state() {
  state_.clear(1);
  hold();
  set_reason("this node does not know yet what the others have",
             log::level::info);
  if (facts_.first <= 1 && facts_.last <= soon_read)
    return read_all();
  now_at_ = phase::asking;
  inquiry_.begin(facts_.id, now_);
}

// -- asking others ------------------------------------------------------------

void journal_stage::asked(std::string_view text) {
  journal_question what;
  if (now_at_ != phase::live || from_json(text, what)
      || what.journal != facts_.id || what.from == transport_.address())
    return;
  if (what.to.empty())
    return transport_.answer(what.from,
                             to_json(journal_answer{options_.id, facts_.id}));
  if (what.to != options_.id)
    return;
  auto note = state_.note();
  note.epoch = numbers_->epoch();
  note.topics = numbers_->topics();
  for (auto& answer : answers_of(options_.id, facts_.id, std::move(note)))
    transport_.answer(what.from, to_json(answer));
}

void journal_stage::answered(std::string_view text) {
  journal_answer what;
  if (now_at_ != phase::asking || from_json(text, what)
      || what.journal != facts_.id)
    return;
  if (auto whole = inquiry_.answered(std::move(what), now_))
    begin_replay(std::move(*whole));
}

// -- what had happened before -------------------------------------------------

void journal_stage::begin_replay(journal_note&& what) {
  state_.restore(what);
  numbers_->restore(what.epoch, std::move(what.topics));
  now_at_ = phase::replaying;
  past_.clear();
  auto reach = std::min(what.seq, journal_past::max_messages);
  auto from = std::max(
    {what.begun + 1, what.exact_from, facts_.first, what.seq - reach + 1});
  if (from <= what.seq)
    return read_from(from);
  end_replay();
  read_from(what.seq + 1);
}

void journal_stage::take_past(const journal_entry& what) {
  auto last = state_.seq();
  if (what.seq <= last)
    past_.add(what.seq, what.body);
  if (what.seq < last)
    return;
  end_replay();
  if (what.seq > last)
    take(what.seq, what.body);
}

void journal_stage::end_replay() {
  auto all = past_.take(state_.note(), *numbers_);
  kept_.begin_again();
  for (auto& [seq, what, topics, is_whole] : all) {
    if (is_whole) {
      apply(seq, what, true);
    } else {
      numbers_->begin_event(seq);
      numbers_->end_event(topics);
    }
  }
  arrive();
}

void journal_stage::read_all() {
  now_at_ = phase::reading;
  wrote_begin_ = {};
  state_.clear(facts_.first);
  read_from(facts_.first);
  if (facts_.first > facts_.last)
    end_reading();
}

void journal_stage::end_reading() {
  if (state_.is_known())
    arrive();
  else if (now_ - wrote_begin_ >= first_retry)
    write_begin();
}

void journal_stage::arrive() {
  now_at_ = phase::live;
  position_ = state_.seq();
  // What counts and is not in the journal any more.
  own_.gather();
  auto written = state_.written(own_.writer()).value_or(0);
  auto why = unavailable("this node had fallen behind the others");
  while (!own_.all().empty() && own_.all().front().number <= written) {
    auto mine = own_.take_first();
    log::error("cluster: an event of \"" + mine.what->topics().front().text()
               + "\" is kept and not delivered here: " + trace_of(why));
    mine.then(mine.what, why, nullptr);
  }
  set_reason("");
  held_since_.reset();
  is_refusing_ = false;
  kept_.release();
  write_own();
}

// -- what is read -------------------------------------------------------------

void journal_stage::read_from(std::uint64_t seq) {
  next_ = seq;
  number_ = 0;
  heard_ = now_;
  transport_.read(++reading_, seq);
}

bool journal_stage::is_reading() const noexcept {
  return now_at_ != phase::closed && now_at_ != phase::asking;
}

void journal_stage::counted(std::uint64_t reading, std::uint64_t number) {
  if (reading != reading_ || !is_reading())
    return;
  heard_ = now_;
  if (number > number_)
    read_from(next_);
}

void journal_stage::came(const journal_entry& what) {
  if (what.reading != reading_ || !is_reading())
    return;
  heard_ = now_;
  if (what.number != number_ + 1)
    return read_from(next_);
  ++number_;
  if (what.seq < next_)
    return;
  auto is_behind_hole = what.seq > next_;
  next_ = what.seq + 1;
  if (now_at_ == phase::replaying) {
    if (is_behind_hole && what.seq > state_.seq() + 1) {
      now_at_ = phase::asking;
      return transport_.look();
    }
    if (is_behind_hole)
      past_.clear();
    return take_past(what);
  }
  if (is_behind_hole && now_at_ == phase::live) {
    lose("the NATS server has discarded what this node had not read");
    return transport_.look();
  }
  if (is_behind_hole)
    state_.clear(what.seq);
  take(what.seq, what.body);
  if (now_at_ == phase::reading && state_.seq() >= facts_.last)
    return end_reading();
  if (state_.seq() == facts_.last)
    write_own();
}

void journal_stage::take(std::uint64_t seq, std::string_view body) {
  journal_frame what;
  auto is_frame = read_frame(body, what);
  if (!is_frame)
    log::error("cluster: a message of the journal that is none, "
               + std::to_string(seq));
  switch (state_.take(seq, is_frame ? &what : nullptr)) {
    case journal_state::verdict::begins:
      numbers_->begin(what.begin->epoch);
      kept_.begin_again();
      if (now_at_ == phase::live) {
        log::warn("cluster: all offsets of channels begin anew");
        options_.on_lost();
      }
      break;
    case journal_state::verdict::counts:
      apply(seq, what, now_at_ != phase::live);
      break;
    case journal_state::verdict::skipped:
      break;
  }
  position_.store(seq, std::memory_order_relaxed);
}

void journal_stage::apply(std::uint64_t seq, journal_frame& what,
                          bool is_past) {
  auto topics = what.event->topics;
  numbers_->begin_event(seq);
  auto& all = own_.all();
  if (what.from == own_.writer() && !all.empty()
      && all.front().number == what.number) {
    auto mine = own_.take_first();
    progress_ = now_;
    retry_ = first_retry;
    local_.pass(mine.what, nullptr, std::move(mine.then));
  } else if (auto made = events_.make(std::move(*what.event)); !made) {
    log::error("cluster: " + trace_of(made.error()));
  } else if (!is_past) {
    applying_ = made->get();
    bus_.deliver(*made, nullptr);
    applying_ = nullptr;
  } else if (local_.takes(**made)) {
    local_.pass(*made, nullptr, [](auto&, const auto&, auto*) {});
  }
  numbers_->end_event(topics);
}

// -- what is written ----------------------------------------------------------

void journal_stage::write_begin() {
  wrote_begin_ = now_;
  journal_frame what;
  what.from = options_.id;
  what.begin = begin_note{random_epoch(), state_.seq()};
  transport_.write(to_json(what));
}

bool journal_stage::may_write() const {
  return now_at_ == phase::live && state_.seq() >= facts_.last;
}

void journal_stage::name_writer() {
  auto first = own_.all().front().number;
  auto next = state_.written(own_.writer()).value_or(0) + 1;
  if (own_.writer().empty() || first != next)
    own_.begin_as(options_.id + '-' + std::to_string(++writers_));
}

void journal_stage::write_own() {
  if (!may_write())
    return;
  own_.gather();
  auto& all = own_.all();
  if (own_.sent == all.size())
    return;
  name_writer();
  if (own_.sent == 0)
    progress_ = now_;
  std::string text;
  for (; own_.sent < all.size(); ++own_.sent) {
    auto& next = all[own_.sent];
    // A journal_frame as JSON, without a copy of the event.
    text.assign("{\"flamigo\":1,\"from\":\"").append(own_.writer());
    text.append("\",\"number\":").append(std::to_string(next.number));
    text.append(",\"event\":").append(next.text).push_back('}');
    if (!transport_.write(text))
      return;
  }
}

} // namespace flamigo::detail
