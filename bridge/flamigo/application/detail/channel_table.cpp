#include "flamigo/application/detail/channel_table.hpp"

#include "flamigo/application/detail/text_table.hpp"

namespace flamigo::detail {

namespace {

const std::string& or_none(const std::string& text) {
  static const std::string none = "-";
  return text.empty() ? none : text;
}

} // namespace

std::string channel_table(const std::vector<channel_info>& channels) {
  std::vector<std::vector<std::string>> rows{
    {"CHANNEL", "GUARD", "CHECK", "HISTORY", "JOIN", "PRESENCE"}};
  for (auto& x : channels)
    rows.push_back({x.topics, or_none(x.guard), x.checked ? "yes" : "-",
                    or_none(x.history), or_none(x.join),
                    x.presence ? "yes" : "-"});
  return text_table(rows);
}

} // namespace flamigo::detail
