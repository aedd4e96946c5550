#pragma once

/// What strategies, domain actors and their listeners are written with. Link
/// `flamigo::actors`, or `flamigo::bridge`, which has it. Who wants less
/// includes the headers of the rooms by themselves.

#include "flamigo/blocking/blocking.hpp"
#include "flamigo/bus/bus.hpp"
#include "flamigo/bus/event_type.hpp"
#include "flamigo/client/client.hpp"
#include "flamigo/client/client_atoms.hpp"
#include "flamigo/client/request_user.hpp"
#include "flamigo/context/publish_sync.hpp"
#include "flamigo/context/require_actor.hpp"
#include "flamigo/context/require_user.hpp"
#include "flamigo/described/inspect.hpp"
#include "flamigo/domain/domain_actor.hpp"
#include "flamigo/domain/domain_events.hpp"
#include "flamigo/domain/domain_handle.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/roster/client_events.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/task/callback.hpp"
#include "flamigo/task/on_cancel.hpp"
#include "flamigo/task/request.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/task/stream.hpp"
#include "flamigo/task/task.hpp"
#include "flamigo/task/when_all.hpp"
#include "flamigo/task/when_any.hpp"
