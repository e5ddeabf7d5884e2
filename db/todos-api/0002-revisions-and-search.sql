-- `revision` is another one after each change, and none comes twice: not after a backup was restored either, as a number
-- that counts up would. `title_folded` is the title with the difference between capitals and small letters taken away,
-- in one way for both engines; where it is not known yet, the program fills it in at its start.
ALTER TABLE todos ADD COLUMN revision TEXT NOT NULL DEFAULT 'first';
ALTER TABLE todos ADD COLUMN title_folded TEXT;
