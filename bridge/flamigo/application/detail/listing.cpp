#include "flamigo/application/detail/listing.hpp"

#include <cstdio>
#include <exception>
#include <string>

#include "flamigo/application/application.hpp"
#include "flamigo/application/detail/channel_table.hpp"
#include "flamigo/application/detail/strategy_table.hpp"
#include "flamigo/application/detail/text_table.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/complaint.hpp"

namespace flamigo::detail {

namespace {

std::string reach_table(const std::vector<reach>& all) {
  std::vector<std::vector<std::string>> rows{{"REACHES", "NAME", "IF"}};
  for (auto& x : all) {
    std::string predicates;
    for (auto& each : x.depends_on)
      predicates += (predicates.empty() ? "" : " and ") + each;
    rows.push_back({x.kind, x.name, predicates.empty() ? "-" : predicates});
  }
  return text_table(rows);
}

int print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  return 0;
}

} // namespace

int print_listing(application& of) try {
  auto& asked = of.config();
  if (asked.print_contract)
    return print(of.contract_text() + "\n");
  if (asked.list_access)
    return print(access_matrix(of.doors()));
  if (!asked.list_access_as.empty()) {
    auto who = claims_like(asked.list_access_as);
    if (who)
      return print(reach_table(reachable(of.doors(), *who)));
    complain("--list-access-as: " + public_message(who.error()));
    return 2;
  }
  auto table = strategy_table(of.strategies().list());
  if (auto all = of.channels().list(); !all.empty())
    table += '\n' + channel_table(all);
  return print(table);
} catch (const std::exception& e) {
  complain(e.what());
  return 2;
}

} // namespace flamigo::detail
