-- How sensitive a conversation is: as the most sensitive thing said in it. It only rises.
alter table conversations add column classification text not null default 'internal'
    check (classification in ('public', 'internal', 'confidential', 'restricted'));
