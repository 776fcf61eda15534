-- A call is booked under the cost center that it had when it was authorized, whatever is assigned while it is in flight.

alter table access_holds add column cost_center_id text;
alter table access_requests add column cost_center_id text;
