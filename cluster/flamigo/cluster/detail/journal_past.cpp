#include "flamigo/cluster/detail/journal_past.hpp"

#include <set>
#include <unordered_map>
#include <utility>

namespace flamigo::detail {

void journal_past::clear() {
  all_.clear();
  bytes_ = 0;
}

void journal_past::add(std::uint64_t seq, std::string_view body) {
  all_.push_back({seq, std::string{body}});
  bytes_ += body.size();
  for (; bytes_ > max_bytes; all_.pop_front())
    bytes_ -= all_.front().body.size();
}

std::vector<journal_past::event> journal_past::take(const journal_note& note,
                                                    journal_numbers& numbers) {
  std::set<std::uint64_t> skipped{note.skipped.begin(), note.skipped.end()};
  std::vector<event> result;
  // Events of topics that were forgotten since then.
  std::unordered_map<std::string, std::size_t> surplus;
  for (; !all_.empty(); all_.pop_front()) {
    auto& oldest = all_.front();
    journal_frame what;
    if (skipped.contains(oldest.seq) || !read_frame(oldest.body, what)
        || !what.event)
      continue;
    std::set<std::string> topics{what.event->topics.begin(),
                                 what.event->topics.end()};
    for (auto& topic : topics)
      if (!numbers.take_back(topic))
        ++surplus[topic];
    result.push_back(
      {oldest.seq, std::move(what), {topics.begin(), topics.end()}});
  }
  clear();
  for (auto& x : result) {
    auto count = x.topics.size();
    std::erase_if(x.topics, [&](const std::string& topic) {
      auto i = surplus.find(topic);
      return i != surplus.end() && i->second > 0 && i->second-- > 0;
    });
    x.is_whole = x.topics.size() == count;
  }
  return result;
}

} // namespace flamigo::detail
