#include "flamigo/cluster/detail/journal_inquiry.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "flamigo/json/json.hpp"

namespace flamigo::detail {

namespace {

using std::chrono::milliseconds;

/// How long is waited for nodes that could answer, and when they are asked
/// again.
constexpr milliseconds answer_patience{3'000};
constexpr milliseconds answer_interval{500};

/// When one that answers has stopped doing so.
constexpr milliseconds part_patience{1'000};

/// Of the texts in one part of an answer, which has to be one message.
constexpr std::size_t part_bytes = 200'000;
constexpr std::uint64_t max_parts = 4'096;

} // namespace

void journal_inquiry::begin(const std::string& journal, time_point now) {
  journal_ = journal;
  since_ = now;
  ask(now);
}

bool journal_inquiry::tick(time_point now) {
  if (now - since_ >= answer_patience)
    return false;
  if (now - asked_ >= (whom_.empty() ? answer_interval : part_patience))
    ask(now);
  return true;
}

void journal_inquiry::ask(time_point now) {
  asked_ = now;
  whom_.clear();
  parts_.clear();
  transport_.ask(to_json(journal_question{transport_.address(), journal_, ""}));
}

std::optional<journal_note> journal_inquiry::answered(journal_answer&& what,
                                                      time_point now) {
  if (what.note) {
    if (what.from != whom_ || what.parts > max_parts || what.part >= what.parts)
      return std::nullopt;
    asked_ = since_ = now;
    return take_part(std::move(what));
  }
  if (whom_.empty()) {
    whom_ = what.from;
    asked_ = since_ = now;
    transport_.ask(
      to_json(journal_question{transport_.address(), journal_, whom_}));
  }
  return std::nullopt;
}

std::optional<journal_note> journal_inquiry::take_part(journal_answer&& what) {
  // Of an answer to an earlier question there may be something on its way.
  auto is_other = [&](auto& part) {
    return part && part->seq != what.note->seq;
  };
  if (parts_.size() != what.parts
      || std::any_of(parts_.begin(), parts_.end(), is_other))
    parts_.assign(what.parts, std::nullopt);
  parts_[what.part] = std::move(*what.note);
  if (!std::all_of(parts_.begin(), parts_.end(),
                   [](auto& part) { return part.has_value(); }))
    return std::nullopt;
  auto whole = std::move(*parts_.front());
  for (std::size_t i = 1; i < parts_.size(); ++i)
    std::move(parts_[i]->topics.begin(), parts_[i]->topics.end(),
              std::back_inserter(whole.topics));
  parts_.clear();
  return whole;
}

std::vector<journal_answer> answers_of(const std::string& node,
                                       const std::string& journal,
                                       journal_note what) {
  auto topics = std::move(what.topics);
  what.topics.clear();
  std::vector<journal_note> parts{what};
  what.skipped.clear();
  what.writers.clear();
  std::size_t bytes = 0;
  for (auto& x : topics) {
    bytes += x.topic.size() + 64;
    if (bytes > part_bytes) {
      parts.push_back(what);
      bytes = 0;
    }
    parts.back().topics.push_back(std::move(x));
  }
  std::vector<journal_answer> result;
  for (auto& part : parts) {
    auto number = result.size();
    result.push_back({node, journal, parts.size(), number, std::move(part)});
  }
  return result;
}

} // namespace flamigo::detail
